import { wordUnusable } from '@lingquan/wording';
import type { Language } from '@lingquan/wording';
import { z } from 'zod';
import type { Goods } from '../../domain/goods.ts';
import { reasonOf } from '../../domain/unusable.ts';
import type { CouponQuestions, Quote } from '../../questions/coupon-issuer.ts';
import type { ApiRoute } from './call.ts';
import { ok } from './call.ts';
import { checked } from './check.ts';
import { couponView } from './coupons.ts';
import { linesShape, pricedLines, shopShape } from './lines.ts';

export type QuotesOptions = { issuer: CouponQuestions; goods: Goods; language: Language };

const shape = z.strictObject({ lines: linesShape, shop: shopShape.optional() });

/**
 * `POST /api/quotes {lines, shop?}` → `{totalFen, items}`: what each of the shopper's coupons would do to this basket, best first, and in
 * words why one cannot be used. A promise of nothing: it counts when the order locks the coupon.
 */
export const quotesRoute = ({ issuer, goods, language }: QuotesOptions): ApiRoute => ({
  method: 'POST',
  path: '/api/quotes',
  access: 'session',
  handle: async ({ session, body, nowMs }) => {
    const { lines: wanted, shop } = checked(shape, body);
    const lines = pricedLines(wanted, goods);
    const totalFen = lines.reduce((sum, { unitPriceFen, quantity }) => sum + unitPriceFen * quantity, 0);
    const quotes = await issuer.quotes(session, { lines, ...(shop !== undefined && { shop }) });
    return ok({ totalFen, items: quotes.map((quote) => quoteView(quote, nowMs, language)) });
  },
});

function quoteView(quote: Quote, now: number, language: Language) {
  const coupon = couponView(quote.coupon);
  if (quote.usable) return { coupon, usable: true, discountFen: quote.discountFen, lineFen: quote.lineFen ?? [] };
  const { reason, missingFen, atMs } = quote;
  const message = wordUnusable(
    reasonOf(reason),
    { missingFen: missingFen ?? undefined, atMs: atMs ?? undefined, now },
    language,
  );
  return { coupon, usable: false, reason, missingFen: missingFen ?? undefined, atMs: atMs ?? undefined, message };
}
