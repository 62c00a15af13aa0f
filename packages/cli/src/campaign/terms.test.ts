import { expect, test } from '@jest/globals';
import { CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import { termsOf } from './terms.ts';
import type { CampaignFlags } from './terms.ts';

const flags = (more: Partial<CampaignFlags> = {}): CampaignFlags => ({
  appid: 'wx0000000000000001',
  keyword: '优惠券',
  match: 'exact',
  name: '满减',
  kind: 'amount',
  valueFen: 500,
  stock: 100,
  limit: 1,
  ...more,
});

test('blanks around the keyword and the name are taken away', () => {
  expect(termsOf(flags({ keyword: ' 优惠券 ', name: '\t满减' }))).toMatchObject({ keyword: '优惠券', name: '满减' });
});

test.each([
  [{ keyword: '   ' }, '--keyword 不能为空'],
  [{ keyword: '券'.repeat(65) }, '--keyword 最多 64'],
  [{ keyword: 'a\nb' }, '--keyword 不能有换行'],
  [{ name: '' }, '--name 不能为空'],
  [{ name: '券'.repeat(101) }, '--name 最多 100'],
  [{ appid: 'wx 1' }, '--appid'],
])('a text out of bounds is refused, naming its flag: %j', (wrong, message) => {
  expect(() => termsOf(flags(wrong))).toThrow(message);
});

test('an amount coupon takes fen off, and at least one', () => {
  expect(termsOf(flags()).value).toMatchObject({ kind: CouponKind.AMOUNT, valueFen: 500n, percent: 0 });
  expect(() => termsOf(flags({ valueFen: 0 }))).toThrow('--value-fen 要大于 0');
});

test('a percent coupon reads --value-fen as the percentage', () => {
  expect(termsOf(flags({ kind: 'percent', valueFen: 20 })).value).toMatchObject({
    kind: CouponKind.PERCENT,
    valueFen: 0n,
    percent: 20,
  });
  expect(() => termsOf(flags({ kind: 'percent', valueFen: 0 }))).toThrow('1–100');
  expect(() => termsOf(flags({ kind: 'percent', valueFen: 101 }))).toThrow('1–100');
});

test('a threshold coupon needs an order that is worth its value, which is the default', () => {
  expect(termsOf(flags({ kind: 'threshold', thresholdFen: 3000 })).value).toMatchObject({
    kind: CouponKind.THRESHOLD,
    valueFen: 500n,
    thresholdFen: 3000n,
  });
  expect(termsOf(flags({ kind: 'threshold' })).value).toMatchObject({ thresholdFen: 500n });
  expect(() => termsOf(flags({ kind: 'threshold', thresholdFen: 499 }))).toThrow('不能小于');
});

test('any kind may have a threshold, and may be worth more than that', () => {
  for (const kind of ['amount', 'gift'] as const)
    expect(termsOf(flags({ kind, thresholdFen: 300 })).value).toMatchObject({ valueFen: 500n, thresholdFen: 300n });
  const percent = termsOf(flags({ kind: 'percent', valueFen: 20, thresholdFen: 3000, capFen: 1000 })).value;
  expect(percent).toMatchObject({ percent: 20, thresholdFen: 3000n, capFen: 1000n });
});

test('a cap on anything but a percentage is refused instead of being ignored', () => {
  expect(() => termsOf(flags({ capFen: 300 }))).toThrow('只用于 --kind percent');
});

test('rules are part of the terms, when there are any', () => {
  expect(termsOf(flags()).rules).toBeUndefined();
  expect(termsOf(flags({ rules: { weekdays: '1,2' } })).rules?.weekdays).toEqual([1, 2]);
});

test('a gift may be worth nothing', () => {
  expect(termsOf(flags({ kind: 'gift', valueFen: 0 })).value).toMatchObject({ kind: CouponKind.GIFT, valueFen: 0n });
});

test('a window that ends before it opens is refused', () => {
  const opensAt = new Date('2027-01-02T00:00:00Z');
  expect(() => termsOf(flags({ opensAt, closesAt: opensAt }))).toThrow('--closes-at');
  expect(termsOf(flags({ opensAt })).opensAt?.seconds).toBe(BigInt(opensAt.getTime() / 1000));
});

test('matches go over by name', () => {
  expect(termsOf(flags({ match: 'pattern' })).match).toBe(KeywordMatch.PATTERN);
});
