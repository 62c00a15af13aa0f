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
  /** '' unless a coupon was claimed. */
  code: string;
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
  const code = fact.case === 'couponClaimed' ? fact.value.code : '';
  const digest = digestOf({ type, timeMs, causeId, appid, openid, campaignId, code, valueMd5: hash('md5', value!) });
  return { id, type, timeMs, causeId, appid, openid, campaignId, code, fact, digest, partition, offset };
}

export type Digested = Pick<AuditEvent, 'type' | 'timeMs' | 'causeId' | 'appid' | 'openid' | 'campaignId' | 'code'> & {
  /** MD5 of the record's value, hex: what Postgres can make of its copy. */
  valueMd5: string;
};

/** Twelve characters that are the same for equal events: a fact and its line in the log are kept as these, not whole. */
export const digestOf = ({ type, timeMs, causeId, appid, openid, campaignId, code, valueMd5 }: Digested): string =>
  hash('sha1', [type, timeMs, causeId, appid, openid, campaignId, code, valueMd5].join('\n'), 'base64').slice(0, 12);
