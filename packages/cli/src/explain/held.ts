import { timestampMs } from '@bufbuild/protobuf/wkt';
import { CouponKind } from '@lingquan/events/coupon.ts';
import { wordWorth } from '@lingquan/wording';
import type { LifeState } from '../audit/lives.ts';
import type { Gathered, GatheredFact, Where } from './gathered.ts';

/** A coupon as it stood. */
export type HeldCoupon = {
  code: string;
  campaignId: string;
  campaignName: string;
  worth: string;
  state: LifeState;
  /** What held it or used it: an order, or shop and cashier; '' when nothing did. */
  by: string;
  claimedAtMs: number;
  /** Undefined: for ever. */
  expiresAtMs: number | undefined;
  /** The fact that made it what it was. */
  since: Where;
};

/** The coupons as they stood at an instant, oldest first. Pure; what happened at that instant counts. */
export function heldAt({ facts }: Gathered, atMs: number): HeldCoupon[] {
  const coupons = new Map<string, HeldCoupon>();
  for (const fact of facts) {
    if (fact.timeMs > atMs) continue;
    const claimed = claimOf(fact);
    if (claimed !== undefined) coupons.set(claimed.code, claimed);
    else step(coupons, fact);
  }
  return [...coupons.values()].map((coupon) =>
    isOver(coupon, atMs) ? { ...coupon, state: 'expired' as const } : coupon,
  );
}

/** Its time is over, although no timer has said so yet. */
const isOver = ({ state, expiresAtMs }: HeldCoupon, atMs: number): boolean =>
  state === 'issued' && expiresAtMs !== undefined && expiresAtMs <= atMs;

function claimOf({ event: { campaignId, event }, timeMs, where }: GatheredFact): HeldCoupon | undefined {
  if (event.case !== 'couponClaimed') return undefined;
  const { code, campaignName, value, expiresAt } = event.value;
  const worth = value === undefined || value.kind === CouponKind.UNSPECIFIED ? '' : wordWorth(value, 'zh');
  const expiresAtMs = expiresAt === undefined ? undefined : timestampMs(expiresAt);
  return {
    code,
    campaignId,
    campaignName,
    worth,
    state: 'issued',
    by: '',
    claimedAtMs: timeMs,
    expiresAtMs,
    since: where,
  };
}

function step(coupons: Map<string, HeldCoupon>, { event: { event }, where }: GatheredFact): void {
  const coupon = event.value !== undefined && 'code' in event.value ? coupons.get(event.value.code) : undefined;
  if (coupon === undefined) return;
  const become = (state: LifeState, by = '') => void Object.assign(coupon, { state, by, since: where });
  switch (event.case) {
    case 'couponLocked':
      return become('locked', event.value.outTradeNo);
    case 'couponReleased':
    case 'couponReturned':
      return become('issued');
    case 'couponRedeemed': {
      const { by } = event.value;
      return become(
        'redeemed',
        by.case === 'till' ? `${by.value.shop} ${by.value.cashier}` : (by.value?.outTradeNo ?? ''),
      );
    }
    case 'couponExpired':
      return become('expired');
    case 'couponRevoked':
      return become('revoked', event.value.reason);
    default:
      return undefined;
  }
}
