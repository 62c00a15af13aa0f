import type { KeyObject } from 'node:crypto';
import { refuse, type Refusal } from '../verdict.ts';
import { isTimely } from './freshness.ts';
import type { KeyRing } from './keys.ts';
import { matchesRsa, signRsa } from './rsa.ts';

export const scheme = 'WECHATPAY2-SHA256-RSA2048';

export type SignedRequest = {
  method: string;
  /** Path and query exactly as sent, without scheme and host. */
  url: string;
  /** Seconds. */
  timestamp: number | string;
  nonce: string;
  /** The very bytes that are sent; empty for GET and DELETE. */
  body: string | Buffer;
};

/** What is signed of a request: five lines, each with its line feed (reference B.2). */
export function requestMessage(request: SignedRequest): string {
  return Buffer.concat(messageParts(request).map((part) => Buffer.from(part))).toString('utf8');
}

const messageParts = ({ method, url, timestamp, nonce, body }: SignedRequest) => [
  `${method}\n${url}\n${timestamp}\n${nonce}\n`,
  body,
  '\n',
];

export type MerchantSigner = { mchid: string; serialNo: string; privateKey: KeyObject };

/** The Authorization header of a merchant's request. A repeat needs a new one: new nonce, new time. */
export function authorization({ mchid, serialNo, privateKey }: MerchantSigner, request: SignedRequest): string {
  const signature = signRsa(privateKey, ...messageParts(request));
  const { nonce, timestamp } = request;
  return `${scheme} mchid="${mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serialNo}"`;
}

export type AuthorizationParts = {
  mchid: string;
  nonce_str: string;
  signature: string;
  timestamp: string;
  serial_no: string;
};

const names = ['mchid', 'nonce_str', 'signature', 'timestamp', 'serial_no'] as const;

/** The five parts of an Authorization header, in any order; undefined when one is missing, doubled or malformed. */
export function parseAuthorization(header: string): AuthorizationParts | undefined {
  if (!header.startsWith(`${scheme} `) || header.length > 4096) return undefined;
  const parts = new Map<string, string>();
  for (const piece of header.slice(scheme.length + 1).split(',')) {
    const [, name, value] = /^\s*([a-z_]+)="([^"]*)"\s*$/.exec(piece) ?? [];
    if (name === undefined || value === undefined || parts.has(name)) return undefined;
    parts.set(name, value);
  }
  if (!names.every((name) => parts.get(name))) return undefined;
  return Object.fromEntries(names.map((name) => [name, parts.get(name)])) as AuthorizationParts;
}

/**
 * The platform's side: who signed this request. `keys` are the merchants' by certificate serial; that the certificate belongs
 * to that mchid is the caller's to check.
 */
export function verifyRequest(
  keys: KeyRing,
  request: { method: string; url: string; body: Buffer; authorization: string | undefined },
  nowSeconds: number,
): { ok: true; parts: AuthorizationParts } | Refusal {
  const parts = parseAuthorization(request.authorization ?? '');
  if (parts === undefined || !/^\d{1,12}$/.test(parts.timestamp)) return refuse('missing_header');
  if (!isTimely(parts.timestamp, nowSeconds)) return refuse('timestamp_out_of_range');
  const key = keys.get(parts.serial_no);
  if (key === undefined) return refuse('unknown_serial');
  const message = messageParts({ ...request, timestamp: parts.timestamp, nonce: parts.nonce_str });
  return matchesRsa(key, parts.signature, ...message) ? { ok: true, parts } : refuse('signature_mismatch');
}
