import { CouponKind, UnusableReason } from '@lingquan/events/coupon.ts';
import { priceOf } from './basket.ts';
import type { Basket, BasketLine } from './basket.ts';
import type { CouponWorth } from './campaign.ts';
import { divide } from './divide.ts';
import type { Scope } from './rules.ts';

/** What a coupon takes off. `lineFen` follows the basket's lines and adds up to `totalFen`; empty when nothing is taken off lines. */
export type Discount = { totalFen: number; lineFen: number[] };

/** Why a coupon cannot be used, with the numbers that the words for it need. */
export type Unusable = { reason: Exclude<UnusableReason, 0>; missingFen?: number; atMs?: number };

export type Offer = { discount: Discount } | { why: Unusable };

/** Orders take money off; at a till a person looks at the goods, and hands a gift over. */
export type Place = 'order' | 'till';

const refused = (reason: Unusable['reason'], numbers: Omit<Unusable, 'reason'> = {}): Offer => ({
  why: { reason, ...numbers },
});

/**
 * What a coupon takes off a basket, never more than the lines in scope cost.
 *
 * - amount, threshold: its value. percent: that part of the lines in scope, rounded half up to the fen, at most its cap.
 *   gift: its price off the lines in scope; at a till without such lines it is handed over and worth its price.
 * - The threshold counts the lines in scope. Lines that cost nothing are not in scope: nothing can be taken off.
 * - A till that says only the sum vouches for the goods. One that says nothing can redeem what does not depend on the sum:
 *   an amount then counts as 0 here (its own value is what it is worth), a gift as its price.
 */
export function discountOf(
  worth: CouponWorth,
  scope: Scope,
  { lines, amountFen }: Pick<Basket, 'lines' | 'amountFen'>,
  place: Place,
): Offer {
  const handedOver = worth.kind === CouponKind.GIFT && place === 'till';
  if (lines.length > 0) {
    const prices = lines.map((line) => (isInScope(line, scope) ? priceOf(line) : 0));
    const sum = total(prices);
    if (sum > 0) return offLines(worth, prices, sum);
    if (!handedOver) return refused(UnusableReason.WRONG_GOODS);
    return belowThreshold(worth, total(lines.map(priceOf))) ?? given(worth.valueFen);
  }
  if (amountFen > 0)
    return belowThreshold(worth, amountFen) ?? given(handedOver ? worth.valueFen : offSum(worth, amountFen));
  const dependsOnSum = worth.thresholdFen > 0 || worth.kind === CouponKind.PERCENT;
  if (place === 'order' || dependsOnSum) return refused(UnusableReason.AMOUNT_NEEDED);
  return given(handedOver ? worth.valueFen : 0);
}

const given = (totalFen: number): Offer => ({ discount: { totalFen, lineFen: [] } });

const total = (prices: number[]): number => {
  let sum = 0;
  for (const price of prices) sum += price;
  return sum;
};

function isInScope({ sku, category }: BasketLine, { goods, categories }: Scope): boolean {
  if (goods.length === 0 && categories.length === 0) return true;
  return goods.includes(sku) || categories.includes(category);
}

function offLines(worth: CouponWorth, prices: number[], sum: number): Offer {
  const below = belowThreshold(worth, sum);
  if (below !== undefined) return below;
  const totalFen = offSum(worth, sum);
  return { discount: { totalFen, lineFen: divide(totalFen, prices) } };
}

function belowThreshold({ thresholdFen }: CouponWorth, sum: number): Offer | undefined {
  return sum < thresholdFen ? refused(UnusableReason.BELOW_THRESHOLD, { missingFen: thresholdFen - sum }) : undefined;
}

function offSum({ kind, valueFen, percent, capFen }: CouponWorth, sum: number): number {
  switch (kind) {
    case CouponKind.AMOUNT:
    case CouponKind.THRESHOLD:
    case CouponKind.GIFT:
      return Math.min(valueFen, sum);
    case CouponKind.PERCENT: {
      const off = percentOf(sum, percent);
      return capFen === 0 ? off : Math.min(off, capFen);
    }
    default:
      throw new Error('the edge lets no other kind in');
  }
}

/** Rounded half up to the fen. In two parts, so that no product leaves the whole numbers a double can hold. */
function percentOf(sum: number, percent: number): number {
  const rest = sum % 100;
  return ((sum - rest) / 100) * percent + Math.floor((rest * percent + 50) / 100);
}
