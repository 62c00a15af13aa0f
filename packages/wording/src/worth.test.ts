import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { CouponKind, CouponValueSchema } from '@lingquan/events/coupon.ts';
import { fold, wordWorth, yuan } from './worth.ts';

test.each([
  [0n, '0'],
  [1n, '0.01'],
  [10n, '0.1'],
  [500n, '5'],
  [505n, '5.05'],
  [550n, '5.5'],
  [1990n, '19.9'],
  [900719925474099399n, '9007199254740993.99'],
])('%s fen are %s yuan', (fen, text) => {
  expect(yuan(fen)).toBe(text);
});

test.each([
  [20, '8'],
  [15, '8.5'],
  [95, '0.5'],
  [1, '9.9'],
])('%s percent off are %s 折', (percent, text) => {
  expect(fold(percent)).toBe(text);
});

test.each([
  [{ kind: CouponKind.AMOUNT, valueFen: 500n }, '立减5元', '¥5 off'],
  [{ kind: CouponKind.THRESHOLD, valueFen: 550n, thresholdFen: 3000n }, '满30减5.5', '¥5.5 off from ¥30'],
  [{ kind: CouponKind.PERCENT, percent: 20 }, '8折', '20% off'],
  [{ kind: CouponKind.PERCENT, percent: 100 }, '全额减免', 'free of charge'],
  [{ kind: CouponKind.PERCENT, percent: 20, capFen: 2000n }, '8折，最多减20元', '20% off, at most ¥20'],
  [{ kind: CouponKind.PERCENT, percent: 20, thresholdFen: 5000n }, '8折，满50元可用', '20% off, from ¥50'],
  [
    { kind: CouponKind.PERCENT, percent: 15, capFen: 1550n, thresholdFen: 5000n },
    '8.5折，最多减15.5元，满50元可用',
    '15% off, at most ¥15.5, from ¥50',
  ],
  [{ kind: CouponKind.PERCENT, percent: 100, capFen: 3000n }, '全额减免，最多减30元', 'free of charge, at most ¥30'],
  [{ kind: CouponKind.AMOUNT, valueFen: 500n, thresholdFen: 3000n }, '满30减5', '¥5 off from ¥30'],
  [{ kind: CouponKind.AMOUNT, valueFen: 500n, capFen: 100n }, '立减5元', '¥5 off'],
  [{ kind: CouponKind.GIFT, thresholdFen: 9900n }, '礼品一份，满99元可用', 'a gift, from ¥99'],
  [{ kind: CouponKind.GIFT, valueFen: 1990n }, '礼品一份（价值19.9元）', 'a gift (worth ¥19.9)'],
  [{ kind: CouponKind.GIFT }, '礼品一份', 'a gift'],
  [{ kind: 42 as CouponKind }, '优惠券一张', 'a coupon'],
])('%j is said as %s, or as %s', (value, zh, en) => {
  expect(wordWorth(create(CouponValueSchema, value), 'zh')).toBe(zh);
  expect(wordWorth(create(CouponValueSchema, value), 'en')).toBe(en);
});
