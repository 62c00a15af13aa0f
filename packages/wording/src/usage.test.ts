import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { CouponKind, CouponValueSchema, UnusableReason } from '@lingquan/events/coupon.ts';
import { languages, wordRedeemed, wordUnusable } from './index.ts';

const now = Date.parse('2026-11-21T02:00:00Z');
const atMs = Date.parse('2026-11-30T16:00:00Z');
const reasons = Object.values(UnusableReason).filter((reason) => typeof reason === 'number');

test('what is missing is said in yuan', () => {
  expect(wordUnusable(UnusableReason.BELOW_THRESHOLD, { missingFen: 1250n, now }, 'zh')).toBe(
    '还差 12.5 元就能用这张券了。',
  );
  expect(wordUnusable(UnusableReason.BELOW_THRESHOLD, { missingFen: 1250 }, 'en')).toContain('¥12.5 more');
});

test.each([
  [UnusableReason.EXPIRED, '这张券已在 12月1日 00:00 过期。', '这张券已经过期了。'],
  [UnusableReason.REDEEMED, '这张券已经在 12月1日 00:00 用过了。', '这张券已经用过了。'],
  [UnusableReason.NOT_VALID_YET, '这张券从 12月1日 00:00 起才能使用。', '这张券还没到可以使用的时间。'],
  [
    UnusableReason.TOO_MANY_WRONG_CODES,
    '输错券码的次数太多，请在 12月1日 00:00 之后再试。',
    '输错券码的次数太多，请稍后再试。',
  ],
])('reason %s names the instant in Beijing time when it is known', (reason, dated, undated) => {
  expect(wordUnusable(reason, { atMs, now }, 'zh')).toBe(dated);
  expect(wordUnusable(reason, { atMs: BigInt(atMs), now }, 'zh')).toBe(dated);
  expect(wordUnusable(reason, { atMs: 0n, now }, 'zh')).toBe(undated);
  expect(wordUnusable(reason, {}, 'zh')).toBe(undated);
});

test('without a clock the year is named', () => {
  expect(wordUnusable(UnusableReason.EXPIRED, { atMs }, 'zh')).toContain('2026年12月1日');
});

test.each(languages)('every reason has words of its own in %s, whole and short', (language) => {
  const known = reasons.filter((reason) => reason !== UnusableReason.UNSPECIFIED);
  const texts = known.map((reason) => wordUnusable(reason, {}, language));
  expect(new Set(texts).size).toBe(known.length);
  for (const text of texts) {
    expect(text).not.toMatch(/[{}]|undefined|券码：/);
    expect(text.length).toBeLessThan(120);
  }
  expect(wordUnusable(99 as UnusableReason, {}, language)).toBe(wordUnusable(UnusableReason.UNSPECIFIED, {}, language));
});

const percent = create(CouponValueSchema, { kind: CouponKind.PERCENT, percent: 20, capFen: 2000n });

test('a till reads what was taken off', () => {
  expect(wordRedeemed({ campaignName: '秋日\n礼遇', value: percent, discountFen: 1530n }, 'zh')).toBe(
    '核销成功：秋日 礼遇，8折，最多减20元\n本次优惠 15.3 元',
  );
});

test('with the sum not said, the worth alone', () => {
  expect(wordRedeemed({ campaignName: 'Autumn', value: percent, discountFen: 0n }, 'en')).toBe(
    'Redeemed: Autumn, 20% off, at most ¥20',
  );
});

test('a gift is handed over', () => {
  const value = create(CouponValueSchema, { kind: CouponKind.GIFT, valueFen: 1900n });
  expect(wordRedeemed({ campaignName: '秋日', value, discountFen: 1900 }, 'zh')).toBe(
    '核销成功：秋日，礼品一份（价值19元）\n请把礼品交给顾客。',
  );
});
