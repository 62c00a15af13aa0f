import { hash } from 'node:crypto';
import type { Owner } from './owner.ts';

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** With the letter in front the 32 characters an out_trade_no may have (reference 0.3): 155 bits, so no two ever meet. */
const LENGTH = 31;

/**
 * The number of the order a person makes under one idempotency key: always the same one, so that a repeated request can only mean the
 * same order.
 */
export const orderNumber = ({ appid, openid }: Owner, idempotencyKey: string): string =>
  `L${numberOf('order', appid, openid, idempotencyKey)}`;

/** The number of the refund asked for under one idempotency key. The same number is never refunded twice (reference D.3). */
export const refundNumber = (outTradeNo: string, idempotencyKey: string): string =>
  `R${numberOf('refund', outTradeNo, idempotencyKey)}`;

/** Base 32 of the hash of the parts; lengths in front of them, so that no two lists of parts read the same. */
function numberOf(...parts: string[]): string {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  let bits = BigInt(`0x${hash('sha256', text)}`) >> BigInt(256 - 5 * LENGTH);
  let digits = '';
  for (let place = 0; place < LENGTH; place++) {
    digits = DIGITS[Number(bits & 31n)]! + digits;
    bits >>= 5n;
  }
  return digits;
}

/** Whether this can be the number of an order (reference 0.3; numbers of other makers are asked for, too). */
export const isOrderNumber = (text: string): boolean => /^[0-9A-Za-z_-]{6,32}$/.test(text);
