import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { toHeaders } from '@lingquan/events';
import { CouponEventSchema, RefusalReason } from '@lingquan/events/coupon.ts';
import { CloseCause, PaymentEventSchema } from '@lingquan/events/payment.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import { readEvent } from './logged-event.ts';

const id = '11111111-1111-8111-8111-111111111111';
const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;

function record(
  event: MessageInitShape<typeof CouponEventSchema>,
  { type = 'coupon.claimed', timeMs = Date.UTC(2026, 10, 21), headers = {} } = {},
): IncomingRecord {
  return {
    topic: 'coupon.events',
    partition: 2,
    offset: 7,
    key: Buffer.from('o1'),
    value: Buffer.from(toBinary(CouponEventSchema, create(CouponEventSchema, event))),
    headers: { ...toHeaders({ id, source: 'coupon-issuer', type, timeMs, traceparent }), ...headers },
  };
}

const claimed = { case: 'couponClaimed', value: { code: 'ABC' } } as const;
const base = { causeId: 'cause', appid: 'wx1', campaignId: 'c1', openid: 'o1' };

test('a claim keeps its code, and every event its place in Kafka and its bytes', () => {
  const incoming = record({ ...base, event: claimed });
  expect(readEvent(incoming)).toEqual({
    id,
    type: 'coupon.claimed',
    occurredAtMs: Date.UTC(2026, 10, 21),
    source: 'coupon-issuer',
    ...base,
    code: 'ABC',
    outTradeNo: null,
    reason: null,
    traceparent,
    topic: 'coupon.events',
    partition: 2,
    offset: 7,
    data: incoming.value,
  });
});

test('a refusal has a reason and no code, though it shows the first one', () => {
  const value = { reason: RefusalReason.LIMIT_REACHED, firstCode: 'ABC' };
  const event = readEvent(
    record({ ...base, event: { case: 'couponClaimRefused', value } }, { type: 'coupon.claim_refused' }),
  );
  expect([event.code, event.reason]).toEqual([null, 'limit_reached']);
});

test('a campaign fact has neither openid nor code', () => {
  const event = readEvent(
    record({ ...base, openid: '', event: { case: 'campaignCreated', value: {} } }, { type: 'campaign.created' }),
  );
  expect([event.openid, event.code, event.campaignId]).toEqual([null, null, 'c1']);
});

test('a kind that is yet to come keeps its type', () => {
  expect(readEvent(record(base, { type: 'coupon.framed' }))).toMatchObject({
    ...base,
    type: 'coupon.framed',
    code: null,
  });
});

test('a fact about payment names its order and its coupon, and no campaign', () => {
  const message = create(PaymentEventSchema, {
    causeId: 'cause',
    appid: 'wx1',
    openid: 'o1',
    outTradeNo: 'N1',
    couponCode: 'ABC',
    event: { case: 'orderClosed', value: { cause: CloseCause.TIME_OUT } },
  });
  const incoming = {
    ...record(base, { type: 'payment.order_closed' }),
    topic: 'payment.events',
    value: Buffer.from(toBinary(PaymentEventSchema, message)),
  };
  expect(readEvent(incoming)).toMatchObject({
    type: 'payment.order_closed',
    appid: 'wx1',
    openid: 'o1',
    campaignId: null,
    code: 'ABC',
    outTradeNo: 'N1',
    reason: 'time_out',
    topic: 'payment.events',
  });
});

test('U+0000 is replaced in the columns and stays in the bytes', () => {
  const event = readEvent(record({ ...base, openid: 'o\0', event: claimed }));
  expect(event.openid).toBe('o\ufffd');
  expect(event.data.includes(Buffer.from('o\0'))).toBe(true);
});

test.each<[string, IncomingRecord]>([
  ['bytes that are no event', { ...record(base), value: Buffer.from([0xff, 0xff]) }],
  ['an empty value', { ...record(base), value: null }],
  ['a claim without its fact', record(base)],
  ['another fact than its type says', record({ ...base, event: claimed }, { type: 'campaign.created' })],
  ['a lock without its fact', record(base, { type: 'coupon.locked' })],
  ['no id', record({ ...base, event: claimed }, { headers: { ce_id: undefined } })],
  ['no time', record({ ...base, event: claimed }, { headers: { ce_time: 'yesterday' } })],
  ['a time before 1970', record({ ...base, event: claimed }, { timeMs: -1 })],
  ['a time after 2099', record({ ...base, event: claimed }, { timeMs: Date.UTC(2100) })],
  ['an openid no index could hold', record({ ...base, openid: 'o'.repeat(300), event: claimed })],
])('%s can never be read', (_what, incoming) => {
  expect(() => readEvent(incoming)).toThrow(expect.objectContaining({ code: 'invalid' }));
});
