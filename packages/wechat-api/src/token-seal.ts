import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { AccessToken } from './token-rules.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Only who has the account's secret, and could fetch a token anyway, can open what is kept outside the process. */
const keyOf = (appid: string, secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, appid, 'lingquan access token', KEY_BYTES));

/** AES-256-GCM over the token's JSON, as base64. */
export function sealToken(token: AccessToken, appid: string, secret: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(appid, secret), iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(token)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** The token, or undefined when it was sealed with another secret or is not one of ours. */
export function openToken(text: string, appid: string, secret: string): AccessToken | undefined {
  const bytes = Buffer.from(text, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(appid, secret), bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(plain.toString()) as AccessToken; // authentic, so it is what sealToken wrote
  } catch {
    return undefined;
  }
}
