import type { Basket } from './basket.ts';
import type { Offer } from './discount.ts';
import { notFree, passTime } from './life.ts';
import { offerOf } from './offer.ts';
import type { OwnedCoupon } from './owned-coupon.ts';

/** A coupon as it stands at an instant, and what it would do to a basket then. */
export type Quote = { coupon: OwnedCoupon; offer: Offer };

/** What an order with this basket would get for this coupon at `nowMs`; nothing is held. */
export function quote(before: OwnedCoupon, basket: Basket, nowMs: number): Quote {
  const { coupon } = passTime(before, nowMs);
  const offer = coupon.life.state === 'issued' ? offerOf(coupon, basket, nowMs, 'order') : { why: notFree(coupon) };
  return { coupon, offer };
}

/**
 * Best first: what takes most off, of equals what ends first; then what cannot be used, least missing first. The same quotes
 * always come in the same order.
 */
export const bestFirst = (quotes: readonly Quote[]): Quote[] => quotes.toSorted((a, b) => compare(a, b));

function compare(a: Quote, b: Quote): number {
  const [offA, offB] = [off(a), off(b)];
  return (
    offB - offA ||
    missing(a) - missing(b) ||
    end(a) - end(b) ||
    (a.coupon.code < b.coupon.code ? -1 : a.coupon.code > b.coupon.code ? 1 : 0)
  );
}

const off = ({ offer }: Quote) => ('discount' in offer ? offer.discount.totalFen : -1);
const missing = ({ offer }: Quote) => ('why' in offer ? (offer.why.missingFen ?? Number.MAX_SAFE_INTEGER) : 0);
/** Never is after everything, and not infinite: infinities have no difference. */
const end = ({ coupon }: Quote) => coupon.expiresAtMs ?? Number.MAX_SAFE_INTEGER;
