import { hash } from 'node:crypto';
import { signatureOf } from './signature.ts';

/**
 * The signature `wx.config` wants (reference 9.3). The URL is what the page reports, neither decoded nor encoded; `#` and what
 * follows is left out here. Check its host against the account's own before signing: a signature is the right to act as the account.
 */
export function jssdkSignature(values: { ticket: string; noncestr: string; timestamp: number; url: string }): string {
  const { ticket, noncestr, timestamp } = values;
  const [url] = values.url.split('#', 1);
  return hash('sha1', `jsapi_ticket=${ticket}&noncestr=${noncestr}&timestamp=${timestamp}&url=${url}`);
}

/** The signature `wx.addCard` wants: over the values alone (api_ticket, timestamp, card_id and, when used, code, openid, nonce_str). */
export function cardSignature(values: Readonly<Record<string, string>>): string {
  return signatureOf(Object.values(values));
}
