import type { KeyObject } from 'node:crypto';
import { refuse, type Verdict } from '../verdict.ts';
import { isTimely } from './freshness.ts';
import type { KeyRing } from './keys.ts';
import { scheme } from './request.ts';
import { matchesRsa, signRsa } from './rsa.ts';

/** Headers as Node or undici give them; names in any case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What starts the signature of a probe that must fail like any bad signature (reference B.3). */
export const signtestPrefix = 'WECHATPAY/SIGNTEST/';

/**
 * Verifies an answer or a notification over its raw bytes (reference B.3): all four headers, a time within 300 seconds, the key
 * that `Wechatpay-Serial` names and no other, the signature. Never throws.
 */
export function verifyMessage(keys: KeyRing, headers: Headers, body: string | Buffer, nowSeconds: number): Verdict {
  const signed = signatureHeaders(headers);
  if (signed === undefined) return refuse('missing_header');
  const { timestamp, nonce, serial, signature } = signed;
  if (!isTimely(timestamp, nowSeconds)) return refuse('timestamp_out_of_range');
  if (signature.startsWith(signtestPrefix)) return refuse('signtest_probe');
  const key = keys.get(serial);
  if (key === undefined) return refuse('unknown_serial');
  const matches = matchesRsa(key, signature, `${timestamp}\n${nonce}\n`, body, '\n');
  return matches ? { ok: true } : refuse('signature_mismatch');
}

/** The four headers of a signature; undefined when one is absent, doubled or malformed. */
export function signatureHeaders(headers: Headers) {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') found.set(name.toLowerCase(), value);
  }
  const timestamp = found.get('wechatpay-timestamp') ?? '';
  const nonce = found.get('wechatpay-nonce') ?? '';
  const serial = found.get('wechatpay-serial') ?? '';
  const signature = found.get('wechatpay-signature') ?? '';
  const type = found.get('wechatpay-signature-type') ?? scheme;
  if (!/^\d{1,12}$/.test(timestamp) || nonce === '' || serial === '' || signature === '' || type !== scheme)
    return undefined;
  return { timestamp, nonce, serial, signature };
}

/** The platform's side: the headers that sign an answer or a notification. */
export function signMessage(
  signer: { serial: string; privateKey: KeyObject },
  { timestamp, nonce, body }: { timestamp: number | string; nonce: string; body: string | Buffer },
): Record<string, string> {
  return {
    'Wechatpay-Timestamp': String(timestamp),
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': signer.serial,
    'Wechatpay-Signature-Type': scheme,
    'Wechatpay-Signature': signRsa(signer.privateKey, `${timestamp}\n${nonce}\n`, body, '\n'),
  };
}
