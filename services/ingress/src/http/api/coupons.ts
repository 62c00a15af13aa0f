import { z } from 'zod';
import type { Coupon, CouponQuestions } from '../../questions/coupon-issuer.ts';
import type { ApiRoute } from './call.ts';
import { ok } from './call.ts';
import { checked } from './check.ts';
import { pageFields } from './page.ts';

const shape = z.strictObject({ state: z.enum(['usable', 'used', 'expired']).default('usable'), ...pageFields });

/** `GET /api/coupons?state=usable|used|expired&cursor=&limit=` → `{items, next}`: the shopper's own coupons. */
export const couponsRoute = (issuer: CouponQuestions): ApiRoute => ({
  method: 'GET',
  path: '/api/coupons',
  access: 'session',
  handle: async ({ session, query }) => {
    const { items, next } = await issuer.coupons(session, checked(shape, query));
    return ok({ items: items.map(couponView), next: next ?? null });
  },
});

const shown = [
  'code',
  'campaignId',
  'campaignName',
  'kind',
  'valueFen',
  'percent',
  'capFen',
  'thresholdFen',
  'rules',
  'state',
  'claimedAt',
  'validFrom',
  'expiresAt',
  'lockedBy',
  'lockedUntil',
  'redeemedAt',
  'qr',
] as const;

/** What its owner sees of a coupon: not who he is, nor which cashier took it. */
export const couponView = (coupon: Coupon): Record<string, unknown> => ({
  ...Object.fromEntries(shown.flatMap((name) => (name in coupon ? [[name, coupon[name]]] : []))),
  redeemedBy: usedBy(coupon),
});

/** The order it was used for, or the shop; null while it is not used. */
function usedBy({ redeemedBy }: Coupon): { outTradeNo: string } | { shop: string } | null {
  if (redeemedBy == null) return null;
  return 'outTradeNo' in redeemedBy ? { outTradeNo: redeemedBy.outTradeNo } : { shop: redeemedBy.shop };
}
