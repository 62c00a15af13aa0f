import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { CouponEventSchema } from './coupon.ts';
import { decodeEvent, eventToJson, validate } from './decode-event.ts';
import { toHeaders } from './envelope.ts';
import { uuidOf } from './ids.ts';

const id = uuidOf('one');
const value = toBinary(
  CouponEventSchema,
  create(CouponEventSchema, { openid: 'o1', event: { case: 'couponClaimed', value: { code: 'ABC' } } }),
);
const headers = (type = 'coupon.claimed') =>
  toHeaders({ id, source: 'coupon-issuer', type, timeMs: 1_767_225_600_000 });
const record = { topic: 'coupon.events', key: 'o1', value, headers: headers() };

test('a record is read, whatever shape the client gives its headers', () => {
  const bytes = Object.entries(headers()).map(
    ([name, text]) => [name, new TextEncoder().encode(String(text))] as const,
  );
  const shapes = [
    headers(),
    Object.fromEntries(bytes),
    new Map(bytes),
    new Map(bytes.map(([name, text]) => [Buffer.from(name), text])),
    bytes.map(([name, text]) => ({ [name]: text })),
  ];
  for (const shape of shapes)
    expect(decodeEvent({ ...record, headers: shape, partition: 1, offset: '42' })).toMatchObject({
      id,
      type: 'coupon.claimed',
      data: { code: 'ABC' },
      message: { openid: 'o1' },
      partition: 1,
      offset: 42,
      key: 'o1',
      time: new Date('2026-01-01T00:00:00Z'),
    });
});

test('the prefix of a system begins its topics', () => {
  const prefixed = { ...record, topic: 'blue.coupon.events' };
  expect(decodeEvent(prefixed, { prefix: 'blue.' }).topic).toBe('coupon.events');
  expect(validate(prefixed)).toEqual({ ok: false, reason: expect.stringContaining('{ prefix }') });
});

test('a kind newer than this package is unknown, not an error', () => {
  expect(decodeEvent({ ...record, headers: headers('coupon.framed') })).toMatchObject({
    type: 'unknown',
    unknownType: 'coupon.framed',
    data: undefined,
  });
});

test.each([
  ['no headers', { headers: undefined }, 'ce_id'],
  ['a header twice', { headers: [{ ce_id: id }, headers()] }, 'ce_id'],
  ['a header named __proto__', { headers: JSON.parse(`{"__proto__":"x"}`) as Record<string, string> }, 'ce_id'],
  ['no value', { value: null }, 'CouponEvent'],
  ['other bytes', { value: Buffer.from([0xff, 0xff]) }, 'CouponEvent'],
  ['another kind than its ce_type says', { headers: headers('coupon.revoked') }, 'coupon.revoked'],
  ['an unknown topic', { topic: 'coupon.event' }, 'coupon.event is no topic'],
])('%s cannot be read, and it is said why', (_what, change, words) => {
  expect(validate({ ...record, ...change })).toEqual({ ok: false, reason: expect.stringContaining(words) });
  expect(() => decodeEvent({ ...record, ...change })).toThrow(expect.objectContaining({ code: 'invalid' }));
});

test('an event as JSON', () => {
  expect(JSON.parse(JSON.stringify(eventToJson(decodeEvent({ ...record, partition: 0, offset: 7 }))))).toEqual({
    id,
    type: 'coupon.claimed',
    time: '2026-01-01T00:00:00.000Z',
    source: 'coupon-issuer',
    topic: 'coupon.events',
    partition: 0,
    offset: 7,
    key: 'o1',
    message: { openid: 'o1', couponClaimed: { code: 'ABC' } },
  });
});
