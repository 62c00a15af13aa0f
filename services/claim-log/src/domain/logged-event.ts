import { AppError } from '@lingquan/errors';
import { decode, envelopeOf } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import type { CouponEvent, RefusalReason } from '@lingquan/events/coupon.ts';
import { RefusalReasonSchema } from '@lingquan/events/gen/lingquan/coupon/v1/events_pb.ts';
import type { IncomingRecord } from '@lingquan/kafka';

/** One event as the log keeps it. What an event does not have is null. */
export type LoggedEvent = {
  id: string;
  /** The record's ce_type, also of kinds this version does not know. */
  type: string;
  occurredAtMs: number;
  source: string;
  appid: string | null;
  openid: string | null;
  campaignId: string | null;
  /** Null unless a coupon was claimed. */
  code: string | null;
  /** Why a claim was refused, such as `sold_out`. */
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

type Fact = CouponEvent['event'];

/** Longer than anything the platform or the issuer writes; short enough for every index. */
const TEXT_MAX = 256;

/** The months the log makes partitions for. WeChat's own examples are dated 2012, a test's clock may be anywhere. */
export const TIMES = { fromMs: Date.UTC(1970), untilMs: Date.UTC(2100) };

/** What a record of these types must hold. Types that are not here are kept as they are. */
const factOf: Readonly<Record<string, Fact['case']>> = {
  'campaign.created': 'campaignCreated',
  'campaign.changed': 'campaignChanged',
  'coupon.claimed': 'couponClaimed',
  'coupon.claim_refused': 'couponClaimRefused',
};

/** Reads a record of coupon.events. Throws `invalid` when it can never be read: it belongs among the dead letters. */
export function readEvent(record: IncomingRecord): LoggedEvent {
  const { id, type, timeMs, source, traceparent } = envelopeOf(record.headers);
  if (timeMs < TIMES.fromMs || timeMs >= TIMES.untilMs)
    throw new AppError('invalid', 'ce_time lies outside the years 1970 to 2099');
  const { appid, openid, campaignId, causeId, event } = decode(CouponEventSchema, record.value);
  const due = factOf[type];
  if (due !== undefined && due !== event.case) throw new AppError('invalid', `this is no ${type}: the fact is missing`);
  return {
    id,
    type: required('ce_type', type),
    occurredAtMs: timeMs,
    source: text('ce_source', source) ?? '',
    appid: text('appid', appid),
    openid: text('openid', openid),
    campaignId: text('campaign_id', campaignId),
    code: event.case === 'couponClaimed' ? text('code', event.value.code) : null,
    reason: event.case === 'couponClaimRefused' ? reasonName(event.value.reason) : null,
    causeId: text('cause_id', causeId),
    traceparent: traceparent ?? null,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    data: record.value ?? Buffer.alloc(0),
  };
}

/** `sold_out` for REFUSAL_REASON_SOLD_OUT; a reason from a newer schema goes by its number. */
export const reasonName = (reason: RefusalReason): string =>
  known.get(reason)?.localName.toLowerCase() ?? `reason_${reason}`;

const known = new Map(RefusalReasonSchema.values.map((value) => [value.number, value]));

/** Absent is null. Postgres keeps no U+0000 in text: a replacement character stands for it, and `data` has the original. */
function text(name: string, value: string): string | null {
  if (value.length > TEXT_MAX) throw new AppError('invalid', `${name} is longer than ${TEXT_MAX} characters`);
  if (value === '') return null;
  return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
}

const required = (name: string, value: string): string => text(name, value)!;
