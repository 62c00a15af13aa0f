import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '@lingquan/config';
import { AppError } from '@lingquan/errors';
import type { SignType } from '@lingquan/wechat-pay';
import { z } from 'zod';
import { Complaints } from './complaints.ts';
import { withSecrets } from './secrets.ts';

/** WeChat Pay's public key, by the id under which it signs (reference B.4). */
export type PlatformPublicKey = { id: string; key: KeyObject };

/** What is needed to believe and open notices; not the private key. Secrets are not enumerable: printing, spreading or logging it shows none. */
export type NoticeKeys = {
  readonly appid: string;
  readonly mchid: string;
  /** Secret. Exactly 32 bytes. */
  readonly apiV3Key: string;
  /** Secret. Without it no notice of v2 is believed. */
  readonly apiV2Key: string | undefined;
  /** Absent for a merchant that knows only platform certificates. */
  readonly publicKey: PlatformPublicKey | undefined;
};

/** Something to tell an operator about; not an error yet. */
export type MerchantWarning = { kind: 'certificate_expires'; daysLeft: number };

/** The merchant as payment needs it. Secrets are not enumerable. */
export type Merchant = NoticeKeys & {
  /** Which version of the interfaces orders are made with. */
  readonly api: 'v3' | 'v2';
  readonly v2Sign: SignType;
  /** The merchant's certificate's, in upper case. */
  readonly serialNo: string;
  /** Secret. Signs requests and clients' parameters. */
  readonly privateKey: KeyObject;
  /** Secret. For mutual TLS in v2; `ca` when the address there has a certificate of its own. */
  readonly tls: { readonly key: string; readonly cert: string; readonly ca: string | undefined };
  readonly certificateExpiresAtMs: number;
  readonly warnings: readonly MerchantWarning[];
};

const merchantShape = z.object({
  appid: z.string().regex(/^[A-Za-z0-9_-]{3,32}$/, 'must be 3 to 32 letters and digits'),
  mchid: z.string().regex(/^\d{6,32}$/, 'must be digits, as text'),
});

/**
 * Reads what ingress needs from the folder `WECHAT_PAY_DIR` names; the private key is not opened. Undefined when no folder is named.
 * @throws AppError `invalid` with one line per missing or malformed file, never its content
 */
export function readNoticeKeys(env: Env): NoticeKeys | undefined {
  const folder = env['WECHAT_PAY_DIR'];
  if (!folder) return undefined;
  const complaints = new Complaints(folder);
  const { secrets, shown } = noticeParts(complaints);
  complaints.throwIfAny();
  return withSecrets(shown, secrets);
}

/**
 * Reads all that payment needs: the folder `WECHAT_PAY_DIR`, `WECHAT_PAY_API` (v3 | v2) and `WECHAT_PAY_V2_SIGN`
 * (HMAC-SHA256 | MD5). Undefined when no folder is named.
 * @throws AppError `invalid` with one line per missing or malformed file, never its content; also when the certificate has
 * expired or does not belong to the key
 */
export function readMerchant(env: Env, nowMs = Date.now()): Merchant | undefined {
  const folder = env['WECHAT_PAY_DIR'];
  if (!folder) return undefined;
  const complaints = new Complaints(folder);
  const { secrets, shown } = noticeParts(complaints);
  const api = choice(complaints, env, 'WECHAT_PAY_API', ['v3', 'v2'] as const);
  const v2Sign = choice(complaints, env, 'WECHAT_PAY_V2_SIGN', ['HMAC-SHA256', 'MD5'] as const);
  if (api === 'v2' && !existsSync(join(folder, 'apiv2_key.txt')))
    complaints.add('apiv2_key.txt', 'is needed with WECHAT_PAY_API=v2');
  const pair = keyPair(complaints, nowMs);
  const ca = optionalCertificate(complaints, 'server.pem');
  complaints.throwIfAny();
  if (pair === undefined) throw new AppError('internal', 'A wrong key pair went unnoticed');
  const { key, cert, privateKey, ...facts } = pair;
  const tls = Object.freeze({ key, cert, ca });
  return withSecrets({ ...shown, api, v2Sign, ...facts }, { ...secrets, privateKey, tls });
}

function noticeParts(complaints: Complaints) {
  const merchant = complaints.read('merchant.json', (text) => {
    const parsed = merchantShape.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'all'} ${message}`).join('; '));
  });
  const apiV3Key = complaints.read('apiv3_key.txt', (text) => {
    if (Buffer.byteLength(text) !== 32) throw new Error('must hold exactly 32 bytes');
    return text;
  });
  const apiV2Key = complaints.readOptional('apiv2_key.txt', (text) => {
    if (!/^[0-9A-Za-z]{32}$/.test(text)) throw new Error('must hold 32 letters and digits');
    return text;
  });
  const publicKey = publicKeyOf(complaints);
  return {
    shown: { appid: merchant?.appid ?? '', mchid: merchant?.mchid ?? '', publicKey },
    secrets: { apiV3Key: apiV3Key ?? '', apiV2Key },
  };
}

/** Key and id come together or not at all. */
function publicKeyOf(complaints: Complaints): PlatformPublicKey | undefined {
  const id = complaints.readOptional('pub_key_id.txt', (text) => {
    if (!/^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/.test(text)) throw new Error('must hold an id such as PUB_KEY_ID_01…');
    return text;
  });
  const key = complaints.readOptional('pub_key.pem', (text) => {
    const parsed = createPublicKey(text);
    if (parsed.asymmetricKeyType !== 'rsa') throw new Error('must be an RSA key');
    return parsed;
  });
  const [hasKey, hasId] = ['pub_key.pem', 'pub_key_id.txt'].map((name) => complaints.has(name));
  if (hasKey !== hasId) complaints.add(hasKey ? 'pub_key_id.txt' : 'pub_key.pem', 'is missing beside the other');
  return id === undefined || key === undefined ? undefined : { id, key };
}

const DAY_MS = 24 * 3600 * 1000;
/** Renewing a merchant certificate takes an administrator and days; a month is time enough. */
const WARN_DAYS = 30;

function keyPair(complaints: Complaints, nowMs: number) {
  const key = complaints.read('apiclient_key.pem', (pem) => {
    const parsed = createPrivateKey(pem);
    if (parsed.asymmetricKeyType !== 'rsa') throw new Error('must be an RSA key');
    return { pem, parsed };
  });
  const cert = complaints.read('apiclient_cert.pem', (pem) => ({ pem, parsed: new X509Certificate(pem) }));
  if (key === undefined || cert === undefined) return undefined;
  if (!cert.parsed.checkPrivateKey(key.parsed))
    complaints.add('apiclient_cert.pem', 'does not belong to apiclient_key.pem');
  const certificateExpiresAtMs = cert.parsed.validToDate.getTime();
  if (certificateExpiresAtMs <= nowMs) complaints.add('apiclient_cert.pem', 'has expired');
  const daysLeft = Math.floor((certificateExpiresAtMs - nowMs) / DAY_MS);
  const warnings: MerchantWarning[] = daysLeft <= WARN_DAYS ? [{ kind: 'certificate_expires', daysLeft }] : [];
  return {
    key: key.pem,
    cert: cert.pem,
    privateKey: key.parsed,
    serialNo: cert.parsed.serialNumber.toUpperCase(),
    certificateExpiresAtMs,
    warnings: Object.freeze(warnings),
  };
}

function optionalCertificate(complaints: Complaints, name: string): string | undefined {
  return complaints.readOptional(name, (pem) => {
    const { raw } = new X509Certificate(pem);
    return raw.length > 0 ? pem : undefined;
  });
}

function choice<T extends string>(complaints: Complaints, env: Env, name: string, among: readonly [T, ...T[]]): T {
  const given = env[name] || among[0];
  const found = among.find((option) => option === given);
  if (found === undefined) complaints.add(name, `must be ${among.join(' or ')}`);
  return found ?? among[0];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('must be JSON');
  }
}
