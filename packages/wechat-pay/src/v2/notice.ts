import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import { bytesOfBase64 } from '../base64.ts';
import type { Refund, Transaction } from '../model.ts';
import { refuse, type Refusal } from '../verdict.ts';
import { readRefundV2, readTransactionV2 } from './read.ts';
import { verifyParameters, type Parameters } from './sign.ts';
import { parseMessage, plainMessage } from './xml.ts';

/**
 * Verifies and reads a payment notice (reference A.6). Never throws: what is not believed says why. That it is about our
 * merchant, order and amount is the reader's to check.
 */
export function openPaymentNotice(
  apiV2Key: string,
  body: string | Buffer,
): { ok: true; transaction: Transaction; fields: Parameters } | Refusal {
  return guarded(() => {
    const fields = parseMessage(body);
    if (fields['return_code'] !== 'SUCCESS') return refuse('bad_body');
    const verdict = verifyParameters(fields, apiV2Key);
    return verdict.ok ? { ok: true, transaction: readTransactionV2(fields), fields } : verdict;
  });
}

/**
 * Opens and reads a refund notice (reference A.9). It has no signature, and its cipher no integrity: compare everything with
 * what is known before believing it. `appid` and the refund's `mchid` are the outer ones.
 */
export function openRefundNotice(
  apiV2Key: string,
  body: string | Buffer,
): { ok: true; appid: string; refund: Refund; fields: Parameters } | Refusal {
  return guarded(() => {
    const outer = parseMessage(body);
    if (outer['return_code'] !== 'SUCCESS') return refuse('bad_body');
    const fields = parseMessage(openReqInfo(apiV2Key, outer['req_info'] ?? ''), 'root');
    const refund = { ...readRefundV2(fields), mchid: outer['mch_id'] ?? '' };
    return { ok: true, appid: outer['appid'] ?? '', refund, fields };
  });
}

function guarded<T>(open: () => T | Refusal): T | Refusal {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refuse(error.code === 'unauthorized' ? 'decrypt_failed' : 'bad_body');
  }
}

/** The key of `req_info`: the MD5 of the APIv2 key as 32 lower-case hexadecimal characters, used as they stand (reference A.9). */
export const reqInfoKey = (apiV2Key: string): string => createHash('md5').update(apiV2Key).digest('hex');

/**
 * Opens `req_info`: AES-256-ECB with PKCS#7 padding.
 * @throws AppError `unauthorized` when it does not open
 */
export const openReqInfo = (apiV2Key: string, reqInfo: string): string => openEcb(reqInfoKey(apiV2Key), reqInfo);

export const sealReqInfo = (apiV2Key: string, plaintext: string): string => sealEcb(reqInfoKey(apiV2Key), plaintext);

export function openEcb(key: string, ciphertext: string): string {
  const data = bytesOfBase64(ciphertext);
  if (data === undefined) throw new AppError('unauthorized', 'req_info is not base64');
  try {
    const decipher = createDecipheriv('aes-256-ecb', Buffer.from(key), null);
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new AppError('unauthorized', 'req_info does not open with the APIv2 key', { cause: error });
  }
}

export function sealEcb(key: string, plaintext: string): string {
  const cipher = createCipheriv('aes-256-ecb', Buffer.from(key), null);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]).toString('base64');
}

/** The platform's side: a refund notice. `fields` are the inner ones, by their names of v2 (reference A.9). */
export function sealRefundNotice(
  apiV2Key: string,
  { appid, mchid, nonce, fields }: { appid: string; mchid: string; nonce: string; fields: Parameters },
): string {
  const inner = plainMessage(fields)
    .replace(/^<xml>/, '<root>')
    .replace(/<\/xml>$/, '</root>');
  const req_info = sealReqInfo(apiV2Key, inner);
  return plainMessage({ return_code: 'SUCCESS', appid, mch_id: mchid, nonce_str: nonce, req_info });
}
