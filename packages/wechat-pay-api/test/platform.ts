import { createPublicKey, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificateFor, folderWith, newKeyPair } from '@lingquan/merchant/test/merchant-folder.ts';
import { readMerchant, type Merchant } from '@lingquan/merchant';
import {
  keyRing,
  parseAuthorization,
  readCertificate,
  sealCertificates,
  signMessage,
  verifyRequest,
  type PlatformCertificate,
} from '@lingquan/wechat-pay';

export const appid = 'wx0123456789abcdef';
export const mchid = '1900009999';
export const apiV3Key = 'rzJa9ghHQRRBD7jWnT5ble88PeDV3kEQ';
export const apiV2Key = 'EvrJwUFIxiY3N2MRQa3yK2VE7zgOLDyf';
export const publicKeyId = 'PUB_KEY_ID_0119000099992026';

/** Keys are slow to make: one set for the tests of a file. */
export const keys = {
  merchant: newKeyPair(),
  publicMode: newKeyPair(),
  older: newKeyPair(),
  newer: newKeyPair(),
  server: newKeyPair(),
};
export const merchantCertificate = await certificateFor(keys.merchant.key, { serialNumber: 'a1b2c3' });
export const serverCertificate = await certificateFor(keys.server.key, { ip: '127.0.0.1' });
export const olderCertificate = readCertificate(await certificateFor(keys.older.key, { serialNumber: '0aaaaaaa' }));
export const newerCertificate = readCertificate(await certificateFor(keys.newer.key, { serialNumber: '3bbbbbbb' }));

export type Signer = { serial: string; privateKey: (typeof keys.older)['key'] };
export const signers = {
  publicMode: { serial: publicKeyId, privateKey: keys.publicMode.key },
  // Without its leading zero, as some write it.
  older: { serial: olderCertificate.serialNo.replace(/^0+/, ''), privateKey: keys.older.key },
  newer: { serial: newerCertificate.serialNo, privateKey: keys.newer.key },
} satisfies Record<string, Signer>;

/** A merchant read from files, as in earnest. `without` leaves files away. */
export function merchantFrom(
  settings: Record<string, string> = {},
  { without = [], more = {} }: { without?: string[]; more?: Record<string, string> } = {},
): Merchant {
  const files: Record<string, string | undefined> = {
    'merchant.json': JSON.stringify({ appid, mchid }),
    'apiclient_key.pem': keys.merchant.privatePem,
    'apiclient_cert.pem': merchantCertificate,
    'apiv3_key.txt': apiV3Key,
    'apiv2_key.txt': apiV2Key,
    'pub_key.pem': keys.publicMode.publicPem,
    'pub_key_id.txt': publicKeyId,
    'server.pem': serverCertificate,
    ...more,
  };
  for (const name of without) files[name] = undefined;
  const folder = folderWith(files);
  try {
    return readMerchant({ WECHAT_PAY_DIR: folder, ...settings })!;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export type Seen = { method: string; path: string; body: string; nonce: string };
export type Answer = (request: Seen, response: ServerResponse) => void | Promise<void>;

const closing: (() => Promise<void>)[] = [];
/** Closes every server of the file. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

async function listen(server: Server, scheme: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const merchantKeys = keyRing([['A1B2C3', createPublicKey(keys.merchant.publicPem)]]);

/**
 * A platform for v3: refuses what the merchant did not sign, keeps what it saw, and answers by the script: the n-th request of a path
 * gets the n-th answer, further ones the last.
 */
export async function v3Platform(script: Record<string, readonly [Answer, ...Answer[]]>) {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const { method = '', url: path = '', headers } = request;
      const now = Date.now() / 1000;
      const received = { method, url: path, body, authorization: headers.authorization };
      const verdict = verifyRequest(merchantKeys, received, now);
      const { nonce_str: nonce = '' } = parseAuthorization(headers.authorization ?? '') ?? {};
      const one = { method, path, body: body.toString(), nonce };
      const answers = script[path.split('?')[0]!];
      const count = seen.filter((earlier) => earlier.path.split('?')[0] === path.split('?')[0]).length;
      seen.push(one);
      const scripted = answers?.[Math.min(count, answers.length - 1)] ?? refusal(404, 'NO_PATH');
      await (verdict.ok ? scripted : refusal(401, 'SIGN_ERROR'))(one, response);
    })();
  };
  return { seen, url: await listen(createServer(listener), 'http') };
}

/** A platform for v2: answers by path, over mutual TLS where `trusts` names the certificate it takes. */
export async function v2Platform(answer: (path: string, body: string) => string | Buffer, trusts?: string) {
  const seen: { path: string; body: string }[] = [];
  const listener: RequestListener = (request, response) => {
    void (async () => {
      const body = (await bodyOf(request)).toString();
      const { url: path = '' } = request;
      seen.push({ path, body });
      response.end(answer(path, body));
    })();
  };
  if (trusts === undefined) return { seen, url: await listen(createServer(listener), 'http') };
  const tls = { key: keys.server.privatePem, cert: serverCertificate, ca: trusts, requestCert: true };
  return { seen, url: await listen(createTlsServer({ ...tls, rejectUnauthorized: true }, listener), 'https') };
}

/** An answer signed as the platform does. */
export const signed =
  (status: number, body: unknown, signer: Signer = signers.publicMode): Answer =>
  (_, response) => {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const stamp = { timestamp: Math.floor(Date.now() / 1000), nonce: randomBytes(16).toString('hex') };
    const headers = signMessage(signer, { ...stamp, body: text });
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  };

export const refusal = (status: number, code: string, message = code): Answer => signed(status, { code, message });

/** What a gateway or an impostor says: no signature. */
export const unsigned =
  (status: number, body: unknown): Answer =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));

/** Takes the request and breaks the connection. */
export const reset: Answer = (_, response) => void response.socket?.resetAndDestroy();

/** Takes the request and says nothing. */
export const silent: Answer = () => undefined;

/** The answer of `/v3/certificates` with these. */
export const certificates = (list: readonly PlatformCertificate[], signer: Signer): Answer => {
  const nonces = list.map(() => randomBytes(6).toString('hex'));
  return signed(200, sealCertificates(apiV3Key, list, nonces), signer);
};
