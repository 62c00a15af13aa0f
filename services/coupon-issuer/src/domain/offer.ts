import { UnusableReason } from '@lingquan/events/coupon.ts';
import type { Basket } from './basket.ts';
import { discountOf } from './discount.ts';
import type { Offer, Place, Unusable } from './discount.ts';
import type { OwnedCoupon } from './owned-coupon.ts';
import { beijingTime } from './rules.ts';
import type { Rules } from './rules.ts';

/**
 * What a coupon that is free takes off this basket at this instant, or the first reason why it cannot be used: the time, the
 * shop, the goods, the sum. Whether it is free, and whose it is, is life.ts's question.
 */
export function offerOf(
  { worth, rules }: Pick<OwnedCoupon, 'worth' | 'rules'>,
  basket: Basket,
  nowMs: number,
  place: Place,
): Offer {
  const why = wrongTime(rules, nowMs) ?? wrongShop(rules, basket.shop);
  return why === undefined ? discountOf(worth, rules.scope, basket, place) : { why };
}

function wrongTime({ validFromMs, weekdays, hours }: Rules, nowMs: number): Unusable | undefined {
  if (validFromMs !== undefined && nowMs < validFromMs)
    return { reason: UnusableReason.NOT_VALID_YET, atMs: validFromMs };
  const { weekday, minute } = beijingTime(nowMs);
  if (weekdays.length > 0 && !weekdays.includes(weekday)) return { reason: UnusableReason.WRONG_DAY };
  if (hours.length > 0 && !hours.some(({ fromMinute, untilMinute }) => fromMinute <= minute && minute < untilMinute))
    return { reason: UnusableReason.WRONG_HOUR };
  return undefined;
}

const wrongShop = ({ scope: { shops } }: Rules, shop: string): Unusable | undefined =>
  shops.length > 0 && !shops.includes(shop) ? { reason: UnusableReason.WRONG_SHOP } : undefined;
