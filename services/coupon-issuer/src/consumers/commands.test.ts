import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { toHeaders, topics, uuidOf } from '@lingquan/events';
import { CouponCommandSchema, CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { CouponRulesSchema, CouponValueSchema } from '@lingquan/events/coupon.ts';
import { opensAtMs } from '../../test/builders.ts';
import { packRules, unpackRules } from '../codec/coupon.ts';
import { appendCheck } from '../domain/check-digit.ts';
import { commandOf } from './commands.ts';

type Command = NonNullable<MessageInitShape<typeof CouponCommandSchema>['command']>;

const read = (command: Command) =>
  commandOf({
    topic: topics.couponCommands.name,
    partition: 0,
    offset: 0,
    timestampMs: 0,
    key: null,
    value: Buffer.from(toBinary(CouponCommandSchema, create(CouponCommandSchema, { command }))),
    headers: toHeaders({ id: uuidOf('test'), source: 'test', type: 'coupon.test', timeMs: opensAtMs }),
  } as Parameters<typeof commandOf>[0]);

const terms = (
  rules: MessageInitShape<typeof CouponRulesSchema> | undefined,
  value: MessageInitShape<typeof CouponValueSchema> = { kind: CouponKind.AMOUNT, valueFen: 500n },
): Command => ({
  case: 'createCampaign',
  value: {
    campaignId: 'spring',
    terms: {
      appid: 'wx1',
      name: '春日券',
      keyword: '优惠券',
      match: KeywordMatch.EXACT,
      value,
      stock: 1n,
      limitPerUser: 1,
      ...(rules && { rules }),
    },
  },
});

const at = (ms: number) => timestampFromMs(opensAtMs + ms);

test('rules are read, and come back from their column as they were', () => {
  const { command } = read(
    terms({
      validFrom: at(0),
      validUntil: at(1000),
      validDays: 7,
      weekdays: [1, 0],
      hours: [
        { fromMinute: 0, untilMinute: 60 },
        { fromMinute: 60, untilMinute: 1440 },
      ],
      scope: { goods: ['tea'], categories: ['饮料'], shops: ['sh-01'] },
    }),
  ) as { command: { terms: { rules: Parameters<typeof packRules>[0] } } };
  const { rules } = command.terms;
  expect(rules).toMatchObject({ validFromMs: opensAtMs, validUntilMs: opensAtMs + 1000, validDays: 7 });
  expect(unpackRules(packRules(rules))).toEqual(rules);
});

test('rules that set no bound cost a coupon nothing', () => {
  for (const rules of [undefined, {}, { scope: {} }]) {
    const { command } = read(terms(rules)) as { command: { terms: { rules: Parameters<typeof packRules>[0] } } };
    expect(packRules(command.terms.rules)).toBeNull();
  }
});

test.each<[string, MessageInitShape<typeof CouponRulesSchema>]>([
  ['valid_from must be before valid_until', { validFrom: at(5), validUntil: at(5) }],
  ['valid_days', { validDays: 3651 }],
  ['weekdays', { weekdays: [7] }],
  ['weekdays', { weekdays: [1, 1] }],
  ['hours', { hours: [{ fromMinute: 60, untilMinute: 60 }] }],
  ['hours', { hours: [{ fromMinute: 0, untilMinute: 1441 }] }],
  [
    'hours',
    {
      hours: [
        { fromMinute: 0, untilMinute: 61 },
        { fromMinute: 60, untilMinute: 90 },
      ],
    },
  ],
  ['scope.goods must be at most 200', { scope: { goods: Array.from({ length: 201 }, (_, i) => `g${i}`) } }],
  ['scope.shops', { scope: { shops: ['x'.repeat(65)] } }],
  ['scope.categories', { scope: { categories: [''] } }],
])('rules are refused: %s', (message, rules) => {
  expect(() => read(terms(rules))).toThrow(message);
});

test.each<[string, MessageInitShape<typeof CouponValueSchema>]>([
  ['cap_fen is for the percent kind', { kind: CouponKind.AMOUNT, valueFen: 5n, capFen: 1n }],
  ['cap_fen', { kind: CouponKind.PERCENT, percent: 5, capFen: -1n }],
  ['threshold_fen must be set', { kind: CouponKind.THRESHOLD, valueFen: 5n }],
])('a value is refused: %s', (message, value) => {
  expect(() => read(terms(undefined, value))).toThrow(message);
});

const code = appendCheck('001ABC');
const lock = { code, outTradeNo: 'order-A', appid: 'wx1', openid: 'follower', until: at(1) };

test('a code is read as typed or scanned; what cannot be one is a command all the same', () => {
  for (const asked of [code.toLowerCase(), ` ${code.slice(0, 3)}-${code.slice(3)}`, `lingquan:coupon:${code}`])
    expect(read({ case: 'lockCoupon', value: { ...lock, code: asked } })).toMatchObject({ kind: 'life', asked, code });
  expect(read({ case: 'lockCoupon', value: { ...lock, code: '没有' } })).toMatchObject({ code: undefined });
});

test.each<[string, Command]>([
  ['out_trade_no', { case: 'lockCoupon', value: { ...lock, outTradeNo: '' } }],
  ['until must be after', { case: 'lockCoupon', value: { ...lock, until: at(0) } }],
  ['code must be at most', { case: 'lockCoupon', value: { ...lock, code: 'x'.repeat(257) } }],
  ['quantity', { case: 'lockCoupon', value: { ...lock, basket: { lines: [{ unitPriceFen: 1n, quantity: 0 }] } } }],
  [
    'a line costs at most',
    { case: 'lockCoupon', value: { ...lock, basket: { lines: [{ unitPriceFen: 1_000_000_000n, quantity: 1001 }] } } },
  ],
  [
    'unit_price_fen',
    { case: 'lockCoupon', value: { ...lock, basket: { lines: [{ unitPriceFen: -1n, quantity: 1 }] } } },
  ],
  ['an order or a till', { case: 'redeemCoupon', value: { code } }],
  ['cashier', { case: 'redeemCoupon', value: { code, by: { case: 'till', value: { shop: 'sh-01' } } } }],
  ['codes must be as issued', { case: 'fireTimers', value: { codes: ['no code'] } }],
])('a command is refused: %s', (message, command) => {
  expect(() => read(command)).toThrow(message);
});
