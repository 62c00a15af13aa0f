import { z } from 'zod';
import type { Owner } from '../domain/owner.ts';
import type { PricedLine } from '../domain/basket.ts';
import type { Page } from './payment.ts';
import { readAnswer } from './service.ts';
import type { Service } from './service.ts';

/** A coupon as the issuer tells it. Shown as it comes, without its owner and the cashier. */
export type Coupon = z.output<typeof couponShape>;
const couponShape = z.looseObject({
  code: z.string(),
  campaignName: z.string(),
  redeemedBy: z.union([z.object({ outTradeNo: z.string() }), z.object({ shop: z.string() })]).nullish(),
});

const couponList = z.object({ items: z.array(couponShape), next: z.string().nullish() });

/** What one coupon does to a basket. */
export type Quote = z.output<typeof quoteShape>;
const fen = z.number().int().min(0);
const quoteShape = z.discriminatedUnion('usable', [
  z.object({ coupon: couponShape, usable: z.literal(true), discountFen: fen, lineFen: z.array(fen).nullish() }),
  z.object({
    coupon: couponShape,
    usable: z.literal(false),
    reason: z.string(),
    missingFen: fen.nullish(),
    atMs: z.number().nullish(),
  }),
]);
const quoteList = z.object({ items: z.array(quoteShape) });

export type CouponState = 'usable' | 'used' | 'expired';

/** What ingress asks the coupon issuer. Everything rejects with `unavailable` while it does not answer. */
export type CouponQuestions = {
  coupons: (
    owner: Owner,
    filter: Page & { state: CouponState },
  ) => Promise<{ items: Coupon[]; next?: string | null | undefined }>;
  /** What each of the owner's coupons would do to this basket, best first. */
  quotes: (owner: Owner, basket: { lines: readonly PricedLine[]; shop?: string | undefined }) => Promise<Quote[]>;
};

export function askCouponIssuer(issuer: Service): CouponQuestions {
  return {
    coupons: async ({ appid, openid }, { state, cursor, limit }) =>
      readAnswer(couponList, await issuer.get('/coupons', { appid, openid, state, cursor, limit })),
    quotes: async ({ appid, openid }, basket) =>
      readAnswer(quoteList, await issuer.post('/quotes', { appid, openid, basket })).items,
  };
}
