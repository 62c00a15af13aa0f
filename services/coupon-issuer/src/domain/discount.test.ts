import { expect, test } from '@jest/globals';
import { CouponKind, UnusableReason } from '@lingquan/events/coupon.ts';
import { basket, line, rules, worth } from '../../test/builders.ts';
import { random } from '../../test/random.ts';
import { LINES_MAX, LINE_FEN_MAX, priceOf } from './basket.ts';
import { discountOf } from './discount.ts';
import { withoutBounds } from './rules.ts';

const anything = withoutBounds.scope;
const percent = (share: number, differences = {}) =>
  worth({ kind: CouponKind.PERCENT, valueFen: 0, percent: share, ...differences });
const gift = worth({ kind: CouponKind.GIFT, valueFen: 800 });
const off = (totalFen: number, lineFen: number[] = []) => ({ discount: { totalFen, lineFen } });
const why = (reason: UnusableReason, numbers = {}) => ({ why: { reason, ...numbers } });

test('an amount is taken off, never more than the lines cost', () => {
  expect(discountOf(worth(), anything, basket({}, { unitPriceFen: 3000 }), 'order')).toEqual(off(500, [125, 375]));
  expect(discountOf(worth(), anything, basket({ unitPriceFen: 120 }), 'order')).toEqual(off(120, [120]));
});

test('a threshold is met from its very fen on, and says what is missing before', () => {
  const over30 = worth({ kind: CouponKind.THRESHOLD, thresholdFen: 3000 });
  expect(discountOf(over30, anything, basket({ quantity: 3 }), 'order')).toEqual(off(500, [500]));
  expect(discountOf(over30, anything, basket({ unitPriceFen: 2999 }), 'order')).toEqual(
    why(UnusableReason.BELOW_THRESHOLD, { missingFen: 1 }),
  );
});

test('percent rounds half up to the fen and stops at its cap', () => {
  const fen = (unitPriceFen: number, share: number, differences = {}) =>
    discountOf(percent(share, differences), anything, basket({ unitPriceFen }), 'order');
  expect(fen(1050, 5)).toEqual(off(53, [53])); // 52.5
  expect(fen(1049, 5)).toEqual(off(52, [52])); // 52.45
  expect(fen(999, 100)).toEqual(off(999, [999]));
  expect(fen(10_000, 20, { capFen: 1500 })).toEqual(off(1500, [1500]));
  expect(fen(10_000, 20, { capFen: 2000 })).toEqual(off(2000, [2000]));
  expect(fen(10_000, 20, { thresholdFen: 10_001 })).toEqual(why(UnusableReason.BELOW_THRESHOLD, { missingFen: 1 }));
});

test('only lines in scope count, for the threshold and for the discount', () => {
  const { scope } = rules({ scope: { goods: ['cake'], categories: ['drinks'] } });
  const lines = basket({ sku: 'tea' }, { sku: 'cake', category: 'food' }, { sku: 'soap', category: 'home' });
  expect(discountOf(worth(), scope, lines, 'order')).toEqual(off(500, [250, 250, 0]));
  expect(discountOf(worth({ thresholdFen: 2001 }), scope, lines, 'order')).toEqual(
    why(UnusableReason.BELOW_THRESHOLD, { missingFen: 1 }),
  );
  expect(discountOf(worth(), scope, basket({ sku: 'soap', category: 'home' }), 'order')).toEqual(
    why(UnusableReason.WRONG_GOODS),
  );
  expect(discountOf(worth(), anything, basket({ unitPriceFen: 0 }), 'order')).toEqual(why(UnusableReason.WRONG_GOODS));
});

test('a gift takes its price off lines in scope; at a till without them it is handed over', () => {
  const { scope } = rules({ scope: { goods: ['mug'] } });
  expect(discountOf(gift, scope, basket({}, { sku: 'mug', unitPriceFen: 800 }), 'order')).toEqual(off(800, [0, 800]));
  expect(discountOf(gift, scope, basket({}), 'order')).toEqual(why(UnusableReason.WRONG_GOODS));
  expect(discountOf(gift, scope, basket({}), 'till')).toEqual(off(800));
  expect(discountOf({ ...gift, thresholdFen: 1001 }, scope, basket({}), 'till')).toEqual(
    why(UnusableReason.BELOW_THRESHOLD, { missingFen: 1 }),
  );
  expect(discountOf(gift, anything, basket(), 'till')).toEqual(off(800));
  expect(discountOf(gift, anything, { lines: [], amountFen: 100 }, 'till')).toEqual(off(800));
});

test('a till that knows only the sum, or not even that', () => {
  const sum = (amountFen: number) => ({ lines: [], amountFen });
  expect(discountOf(worth(), anything, sum(2000), 'till')).toEqual(off(500));
  expect(discountOf(percent(10), anything, sum(2005), 'till')).toEqual(off(201));
  expect(discountOf(worth({ thresholdFen: 3000 }), anything, sum(2000), 'till')).toEqual(
    why(UnusableReason.BELOW_THRESHOLD, { missingFen: 1000 }),
  );
  expect(discountOf(worth(), anything, sum(0), 'till')).toEqual(off(0));
  expect(discountOf(percent(10), anything, sum(0), 'till')).toEqual(why(UnusableReason.AMOUNT_NEEDED));
  expect(discountOf(worth({ thresholdFen: 1 }), anything, sum(0), 'till')).toEqual(why(UnusableReason.AMOUNT_NEEDED));
  expect(discountOf(worth(), anything, sum(0), 'order')).toEqual(why(UnusableReason.AMOUNT_NEEDED));
});

test('the greatest basket there can be stays exact', () => {
  const greatest = Array.from({ length: LINES_MAX }, () => line({ unitPriceFen: 1, quantity: LINE_FEN_MAX }));
  for (const one of [percent(33), worth({ valueFen: 999_999_999_999 }), percent(100)]) {
    const offer = discountOf(one, anything, { lines: greatest, amountFen: 0 }, 'order');
    if (!('discount' in offer)) throw new Error('usable');
    const { totalFen, lineFen } = offer.discount;
    expect(BigInt(totalFen)).toBe(lineFen.reduce((sum, fen) => sum + BigInt(fen), 0n));
    expect(Number.isSafeInteger(totalFen)).toBe(true);
  }
});

test('whatever the basket: lines add up, none goes below zero, the order of lines does not matter', () => {
  const { whole, pick, shuffled } = random(1);
  for (let run = 0; run < 2000; run++) {
    const kind = pick([CouponKind.AMOUNT, CouponKind.THRESHOLD, CouponKind.PERCENT, CouponKind.GIFT]);
    const isPercent = kind === CouponKind.PERCENT;
    const one = worth({
      kind,
      valueFen: isPercent ? 0 : whole(0, 9000),
      percent: isPercent ? whole(1, 100) : 0,
      thresholdFen: pick([0, 0, whole(1, 20_000)]),
      capFen: isPercent ? pick([0, whole(1, 5000)]) : 0,
    });
    const { scope } = rules({
      scope: { goods: pick([[], ['a', 'b']]), categories: pick([[], ['x']]) },
    });
    const lines = Array.from({ length: whole(1, 12) }, () =>
      line({
        sku: pick(['a', 'b', 'c', 'd']),
        category: pick(['x', 'y']),
        unitPriceFen: pick([0, whole(1, 99), whole(100, 50_000)]),
        quantity: whole(1, 9),
      }),
    );
    const offer = discountOf(one, scope, { lines, amountFen: 0 }, 'order');
    const again = discountOf(one, scope, { lines: shuffled(lines), amountFen: 0 }, 'order');
    if ('why' in offer) {
      expect(again).toEqual(offer);
      continue;
    }
    const { totalFen, lineFen } = offer.discount;
    expect('discount' in again && again.discount.totalFen).toBe(totalFen);
    expect(lineFen).toHaveLength(lines.length);
    expect(lineFen.reduce((sum, fen) => sum + fen, 0)).toBe(totalFen);
    lineFen.forEach((fen, place) => expect(fen >= 0 && fen <= priceOf(lines[place]!)).toBe(true));
    if (!isPercent) expect(totalFen).toBeLessThanOrEqual(one.valueFen);
    if (one.capFen > 0) expect(totalFen).toBeLessThanOrEqual(one.capFen);
  }
});
