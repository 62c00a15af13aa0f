import type { CouponWorth } from './campaign.ts';
import type { Discount } from './discount.ts';
import type { Rules } from './rules.ts';

/** Where a coupon stands. `expired` and `revoked` are ends, but for an order that took it while it was valid. */
export type CouponState = 'issued' | 'locked' | 'redeemed' | 'expired' | 'revoked';

export type RedeemedBy = { outTradeNo: string } | { shop: string; cashier: string };

/** What happened to a coupon so far, as far as it still matters. */
export type Life = {
  state: CouponState;
  /** The hold of the order that has it now (`locked`), or had it last; gone after a return. */
  hold: { outTradeNo: string; untilMs: number; discount: Discount } | undefined;
  /** Set while `redeemed`. */
  redemption: { atMs: number; by: RedeemedBy } | undefined;
};

/** A coupon somebody owns, with what its campaign promised at the claim. */
export type OwnedCoupon = {
  code: string;
  campaignId: string;
  appid: string;
  openid: string;
  claimedAtMs: number;
  worth: CouponWorth;
  rules: Rules;
  /** It can be used before this instant; undefined is for ever. */
  expiresAtMs: number | undefined;
  life: Life;
};
