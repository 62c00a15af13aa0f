import { decode } from '@lingquan/events';
import { envelopeOf, topics } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import { InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { PaymentEventSchema } from '@lingquan/events/payment.ts';
import { messageOf } from '@lingquan/errors';
import { maskOpenid } from '@lingquan/log';
import type { CheckResult } from '../audit/check.ts';
import type { ProofRecord, RecordPlace, Source } from './source.ts';

/** Places named in lines of evidence, as `placeText` writes them. */
const PLACE = /([a-z.]+)\[(\d+)\]@(\d+)/g;

/** Of each check that found something, this many lines are looked at more closely: a look may take a second. */
const LOOKED_AT = 3;

/**
 * The checks keep places and no names; here the records that the first lines of evidence name are read again, and said in full. Openids are masked.
 */
export async function illustrated(checks: CheckResult[], source: Source): Promise<CheckResult[]> {
  const wanted = new Map<string, RecordPlace>();
  for (const { evidence } of checks)
    for (const line of evidence.slice(0, LOOKED_AT))
      for (const place of placesIn(line)) wanted.set(keyOf(place), place);
  if (wanted.size === 0) return checks;
  const told = new Map<string, string>();
  for (const record of await source.at([...wanted.values()])) told.set(keyOf(record), recordText(record));
  const withRecords = (line: string) => [
    line,
    ...placesIn(line).flatMap((place) => {
      const text = told.get(keyOf(place));
      return text === undefined ? [] : [`    ${keyOf(place)}  ${text}`];
    }),
  ];
  return checks.map((check) => ({
    ...check,
    evidence: check.evidence.flatMap((line, turn) => (turn < LOOKED_AT ? withRecords(line) : [line])),
  }));
}

const keyOf = ({ topic, partition, offset }: RecordPlace): string => `${topic}[${partition}]@${offset}`;

const known = new Set<string>([topics.couponEvents.name, topics.paymentEvents.name, topics.wechatInbound.name]);

const placesIn = (line: string): RecordPlace[] =>
  [...line.matchAll(PLACE)].flatMap(([, topic, partition, offset]) =>
    known.has(topic!) ? [{ topic: topic!, partition: Number(partition), offset: Number(offset) }] : [],
  );

/** A record in a line: what it is, its ids, and whose. */
function recordText(record: ProofRecord): string {
  try {
    const { id, type, timeMs } = envelopeOf(record.headers);
    return [type, `id ${id}`, ...named(record), new Date(timeMs).toISOString()].join('  ');
  } catch (error) {
    return messageOf(error);
  }
}

function named({ topic, value }: ProofRecord): string[] {
  const follower = (openid: string) => (openid === '' ? [] : [`follower ${maskOpenid(openid)}`]);
  if (topic === topics.wechatInbound.name) return follower(decode(InboundPushSchema, value).openid);
  if (topic === topics.paymentEvents.name) {
    const { causeId, openid, outTradeNo } = decode(PaymentEventSchema, value);
    return [`cause ${causeId}`, `order ${outTradeNo}`, ...follower(openid)];
  }
  const { causeId, openid, event } = decode(CouponEventSchema, value);
  const code = event.value !== undefined && 'code' in event.value ? [`code ${event.value.code}`] : [];
  return [`cause ${causeId}`, ...follower(openid), ...code];
}
