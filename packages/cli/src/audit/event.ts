import { hash } from 'node:crypto';
import { decode, envelopeOf } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import type { CouponEvent } from '@lingquan/events/coupon.ts';
import type { IncomingRecord } from '@lingquan/kafka';

/** One record of coupon.events, read for the audit. */
export type AuditEvent = {
  id: string;
  type: string;
  timeMs: number;
  causeId: string;
  appid: string;
  openid: string;
  campaignId: string;
  /** The coupon the fact is about; '' on refused claims and on facts about campaigns. */
  code: string;
  /** The order it is about; '' when it is about none. */
  outTradeNo: string;
  fact: CouponEvent['event'];
  /** Stands for everything above and the record's bytes: see `digestOf`. */
  digest: string;
  partition: number;
  offset: number;
};

/** Reads a record. Throws `invalid` when it is no coupon event. */
export function auditEventOf({ headers, value, partition, offset }: IncomingRecord): AuditEvent {
  const { id, type, timeMs } = envelopeOf(headers);
  const { causeId, appid, openid, campaignId, event: fact } = decode(CouponEventSchema, value);
  const named = { causeId, appid, openid, campaignId, code: codeIn(fact), outTradeNo: orderIn(fact) };
  const digest = digestOf({ type, timeMs, ...named, valueMd5: hash('md5', value!) });
  return { id, type, timeMs, ...named, fact, digest, partition, offset };
}

const codeIn = ({ value }: CouponEvent['event']): string => (value !== undefined && 'code' in value ? value.code : '');

/** The order a fact about a coupon names; '' at a till. */
export function orderIn({ value }: CouponEvent['event']): string {
  if (value === undefined) return '';
  if ('by' in value) return value.by.case === 'order' ? value.by.value.outTradeNo : '';
  return 'outTradeNo' in value ? value.outTradeNo : '';
}

export type Digested = Pick<
  AuditEvent,
  'type' | 'timeMs' | 'causeId' | 'appid' | 'openid' | 'campaignId' | 'code' | 'outTradeNo'
> & {
  /** MD5 of the record's value, hex: what Postgres can make of its copy. */
  valueMd5: string;
};

/** Twelve characters that are the same for equal events: a fact and its line in the log are kept as these, not whole. */
export const digestOf = (event: Digested): string => {
  const { type, timeMs, causeId, appid, openid, campaignId, code, outTradeNo, valueMd5 } = event;
  const parts = [type, timeMs, causeId, appid, openid, campaignId, code, outTradeNo, valueMd5];
  return hash('sha1', parts.join('\n'), 'base64').slice(0, 12);
};
