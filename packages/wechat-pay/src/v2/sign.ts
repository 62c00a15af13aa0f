import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { refuse, type Verdict } from '../verdict.ts';

export type SignType = 'MD5' | 'HMAC-SHA256';

/** The parameters of a v2 message: one level, texts. */
export type Parameters = Readonly<Record<string, string>>;

/** What is signed: every parameter but `sign` that is not empty, by name in byte order, raw values, the key last (reference A.3). */
export function stringToSign(parameters: Parameters, apiV2Key: string): string {
  const pairs = Object.keys(parameters)
    .filter((name) => name !== 'sign' && parameters[name] !== '')
    .toSorted()
    .map((name) => `${name}=${parameters[name]}`);
  return [...pairs, `key=${apiV2Key}`].join('&');
}

/** The signature of v2 parameters, hexadecimal in upper case. `sign_type` takes part when it is among them (reference A.3). */
export function signParameters(parameters: Parameters, apiV2Key: string, signType: SignType): string {
  const text = stringToSign(parameters, apiV2Key);
  const hash = signType === 'MD5' ? createHash('md5') : createHmac('sha256', apiV2Key);
  return hash.update(text).digest('hex').toUpperCase();
}

/** Whether `sign` among the parameters is right; its length says by which algorithm. In constant time; never throws. */
export function verifyParameters(parameters: Parameters, apiV2Key: string): Verdict {
  const sign = parameters['sign'] ?? '';
  if (sign === '') return refuse('missing_sign');
  const signType = signTypeOf(sign);
  if (signType === undefined) return refuse('signature_mismatch');
  const expected = Buffer.from(signParameters(parameters, apiV2Key, signType));
  return timingSafeEqual(expected, Buffer.from(sign.toUpperCase())) ? { ok: true } : refuse('signature_mismatch');
}

function signTypeOf(sign: string): SignType | undefined {
  if (/^[0-9A-Fa-f]{32}$/.test(sign)) return 'MD5';
  return /^[0-9A-Fa-f]{64}$/.test(sign) ? 'HMAC-SHA256' : undefined;
}
