import { AppError } from '@lingquan/errors';
import { decode, envelopeOf, topics } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import type { CouponEvent } from '@lingquan/events/coupon.ts';
import { PaymentEventSchema } from '@lingquan/events/payment.ts';
import type { PaymentEvent } from '@lingquan/events/payment.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import { namesInCouponFact, namesInPaymentFact } from './names.ts';

/** One event as the log keeps it. What an event does not have is null. */
export type LoggedEvent = {
  id: string;
  /** The record's ce_type, also of kinds this version does not know. */
  type: string;
  occurredAtMs: number;
  source: string;
  appid: string | null;
  openid: string | null;
  /** Null on facts about payment. */
  campaignId: string | null;
  /** The coupon the fact is about, or the order's. */
  code: string | null;
  outTradeNo: string | null;
  /** Why something was refused, closed or put before a person, such as `sold_out`. */
  reason: string | null;
  causeId: string | null;
  traceparent: string | null;
  /** Without the system's prefix. */
  topic: string;
  partition: number;
  offset: number;
  /** The record's value as it came: what this version cannot name is kept there. */
  data: Buffer;
};

/** Longer than anything the platform or the services write; short enough for every index. */
const TEXT_MAX = 256;

/** The months the log makes partitions for. WeChat's own examples are dated 2012, a test's clock may be anywhere. */
export const TIMES = { fromMs: Date.UTC(1970), untilMs: Date.UTC(2100) };

/** What a record of these types must hold. Types that are not here are kept as they are. */
const factOf: Readonly<Record<string, CouponEvent['event']['case'] | PaymentEvent['event']['case']>> = {
  'campaign.created': 'campaignCreated',
  'campaign.changed': 'campaignChanged',
  'coupon.claimed': 'couponClaimed',
  'coupon.claim_refused': 'couponClaimRefused',
  'coupon.locked': 'couponLocked',
  'coupon.released': 'couponReleased',
  'coupon.redeemed': 'couponRedeemed',
  'coupon.returned': 'couponReturned',
  'coupon.expired': 'couponExpired',
  'coupon.revoked': 'couponRevoked',
  'coupon.use_refused': 'couponUseRefused',
  'payment.order_created': 'orderCreated',
  'payment.order_priced': 'orderPriced',
  'payment.order_paid': 'orderPaid',
  'payment.order_closed': 'orderClosed',
  'payment.refund_requested': 'refundRequested',
  'payment.refund_succeeded': 'refundSucceeded',
  'payment.refund_failed': 'refundFailed',
  'payment.incident_found': 'incidentFound',
  'payment.incident_resolved': 'incidentResolved',
};

/** Reads a record of coupon.events or payment.events. Throws `invalid` when it can never be read: it belongs among the dead letters. */
export function readEvent(record: IncomingRecord): LoggedEvent {
  const { id, type, timeMs, source, traceparent } = envelopeOf(record.headers);
  if (timeMs < TIMES.fromMs || timeMs >= TIMES.untilMs)
    throw new AppError('invalid', 'ce_time lies outside the years 1970 to 2099');
  const { fact, appid, openid, campaignId, causeId, names } = read(record);
  const due = factOf[type];
  if (due !== undefined && due !== fact) throw new AppError('invalid', `this is no ${type}: the fact is missing`);
  return {
    id,
    type: required('ce_type', type),
    occurredAtMs: timeMs,
    source: text('ce_source', source) ?? '',
    appid: text('appid', appid),
    openid: text('openid', openid),
    campaignId: text('campaign_id', campaignId),
    code: text('code', names.code),
    outTradeNo: text('out_trade_no', names.outTradeNo),
    reason: text('reason', names.reason),
    causeId: text('cause_id', causeId),
    traceparent: traceparent ?? null,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    data: record.value ?? Buffer.alloc(0),
  };
}

/** What both kinds of facts have in common; a topic speaks of one kind only. */
function read({ topic, value }: IncomingRecord) {
  if (topic === topics.paymentEvents.name) {
    const message = decode(PaymentEventSchema, value);
    const { appid, openid, causeId, event } = message;
    return { fact: event.case, appid, openid, causeId, campaignId: '', names: namesInPaymentFact(message) };
  }
  const { appid, openid, campaignId, causeId, event } = decode(CouponEventSchema, value);
  return { fact: event.case, appid, openid, causeId, campaignId, names: namesInCouponFact(event) };
}

/** Absent is null. Postgres keeps no U+0000 in text: a replacement character stands for it, and `data` has the original. */
function text(name: string, value: string): string | null {
  if (value.length > TEXT_MAX) throw new AppError('invalid', `${name} is longer than ${TEXT_MAX} characters`);
  if (value === '') return null;
  return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
}

const required = (name: string, value: string): string => text(name, value)!;
