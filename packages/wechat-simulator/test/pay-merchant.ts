import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Json,
  type KeyRing,
  type ParametersToSend,
  type SignType,
  authorization,
  keyRing,
  openCertificates,
  readAnswer,
  readCertificate,
  signedMessage,
  verifyMessage,
} from '@lingquan/wechat-pay';
import { Agent, request } from 'undici';
import { keptMerchant } from '../src/merchant.ts';

/** A merchant's files in a folder of their own. */
export async function newMerchantFiles(appid: string) {
  const dir = await mkdtemp(join(tmpdir(), 'pay-'));
  const folders = await keptMerchant(dir, { appid });
  return { ...folders, remove: () => rm(dir, { recursive: true, force: true }) };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Why the signature is not believed, `ok` when it is. */
  readonly signature: string;
  readonly json: Json;
}

export interface Asking {
  /** What answers are wanted from: the public key's id when left out, '' to say nothing. */
  readonly serial?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds from now for the signature's time. */
  readonly skew?: number;
  readonly nonce?: string;
  /** Sent instead of what was signed. */
  readonly sent?: string;
}

export type PayClient = Awaited<ReturnType<typeof payClient>>;

/** A merchant as its service would be: signs with its files, verifies every answer. `url()` is where WeChat Pay is. */
export async function payClient(merchantDir: string, url: () => string) {
  const file = async (name: string) => (await readFile(join(merchantDir, name), 'utf8')).trim();
  const { appid, mchid, openid } = JSON.parse(await file('merchant.json')) as Record<string, string>;
  const privateKey = createPrivateKey(await file('apiclient_key.pem'));
  const certificate = await file('apiclient_cert.pem');
  const { serialNo } = readCertificate(certificate);
  const [apiV3Key, apiV2Key, publicKeyId] = [
    await file('apiv3_key.txt'),
    await file('apiv2_key.txt'),
    await file('pub_key_id.txt'),
  ];
  const publicKey = createPublicKey(await file('pub_key.pem'));
  const known = new Map<string, KeyObject>([[publicKeyId, publicKey]]);
  const keys = (): KeyRing => keyRing(known);
  const signer = { mchid: mchid ?? '', serialNo, privateKey };
  const tls = new Agent({
    connect: { ca: await file('server.pem'), key: await file('apiclient_key.pem'), cert: certificate },
  });

  async function ask(method: 'GET' | 'POST', path: string, body?: object, asking: Asking = {}): Promise<Answer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const timestamp = Math.floor(Date.now() / 1000) + (asking.skew ?? 0);
    const nonce = asking.nonce ?? randomBytes(16).toString('hex');
    const serial = asking.serial ?? publicKeyId;
    const response = await request(`${url()}${path}`, {
      method,
      headers: {
        authorization: authorization(signer, { method, url: path, timestamp, nonce, body: text }),
        accept: 'application/json',
        'user-agent': 'test',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(serial !== '' && { 'wechatpay-serial': serial }),
        ...asking.headers,
      },
      ...(text !== '' && { body: asking.sent ?? text }),
    });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    const verdict = verifyMessage(keys(), response.headers, bytes, Math.floor(Date.now() / 1000));
    const isJson = String(response.headers['content-type']).startsWith('application/json') && bytes.length > 0;
    return {
      status: response.statusCode,
      headers: response.headers,
      body: bytes,
      signature: verdict.ok ? 'ok' : verdict.reason,
      json: isJson ? (JSON.parse(bytes.toString()) as Json) : {},
    };
  }

  async function askV2(
    path: string,
    fields: ParametersToSend,
    { signType = 'MD5', base = url(), raw }: { signType?: SignType; base?: string; raw?: string } = {},
  ) {
    const all = { appid, mch_id: mchid, nonce_str: String(Date.now()), ...fields };
    const response = await request(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=UTF-8' }, // as client libraries do (client libraries 1.1)
      body: raw ?? signedMessage(all, apiV2Key, signType),
      dispatcher: base.startsWith('https') ? tls : new Agent(),
    });
    return { status: response.statusCode, body: Buffer.from(await response.body.arrayBuffer()) };
  }

  return {
    appid: appid ?? '',
    mchid: mchid ?? '',
    openid: openid ?? '',
    apiV3Key,
    apiV2Key,
    publicKeyId,
    privateKey,
    serialNo,
    keys,
    ask,
    get: (path: string, asking?: Asking) => ask('GET', path, undefined, asking),
    post: (path: string, body: object, asking?: Asking) => ask('POST', path, body, asking),
    askV2,
    /** An answer of v2, its signature checked. */
    v2: async (
      path: string,
      fields: ParametersToSend,
      options: { signType?: SignType; base?: string; raw?: string } = {},
    ) => readAnswer((await askV2(path, fields, options)).body, apiV2Key, { appid: appid ?? '', mchid: mchid ?? '' }),
    /** Downloads the platform's certificates and believes them from now on; their serials. */
    async learnCertificates(): Promise<string[]> {
      const answer = await ask('GET', '/v3/certificates', undefined, { serial: '' });
      const certificates = openCertificates(apiV3Key, answer.body.toString());
      for (const { serialNo: serial, pem } of certificates) known.set(serial, createPublicKey(pem));
      const verdict = verifyMessage(keys(), answer.headers, answer.body, Math.floor(Date.now() / 1000));
      if (!verdict.ok) throw new Error(verdict.reason);
      return certificates.map(({ serialNo: serial }) => serial);
    },
    stop: () => tls.destroy(),
  };
}
