import { crc32 } from 'node:zlib';
import { decode } from '@lingquan/events';
import { headOf } from './head.ts';
import { PaymentEventSchema } from '@lingquan/events/payment.ts';
import type { PaymentEvent } from '@lingquan/events/payment.ts';
import { placeOf } from '../audit/place.ts';
import type { Place } from '../audit/place.ts';
import type { ProofRecord } from './source.ts';

export type PaymentFact = {
  id: string;
  causeId: string;
  timeMs: number;
  outTradeNo: string;
  /** '' without a coupon. */
  couponCode: string;
  openid: string;
  change: PaymentEvent['event'];
  place: Place;
  digest: number;
};

/** Reads a record of payment.events. Throws `invalid` on what is none. */
export function paymentFactOf(record: ProofRecord): PaymentFact {
  const { id, timeMs } = headOf(record.headers);
  const { causeId, outTradeNo, couponCode, openid, event: change } = decode(PaymentEventSchema, record.value);
  const place = placeOf(record);
  return { id, causeId, timeMs, outTradeNo, couponCode, openid, change, place, digest: crc32(record.value!) };
}
