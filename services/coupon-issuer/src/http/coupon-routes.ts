import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import type { Middleware } from 'koa';
import type { Pool } from 'pg';
import { readCode } from '../domain/check-digit.ts';
import { bestFirst, quote } from '../domain/quote.ts';
import { findCoupon, listCoupons } from '../store/coupon-queries.ts';
import { cursorOf } from './cursor.ts';
import { readJson } from './json-body.ts';
import { couponsQuery, parse, quoteRequest } from './requests.ts';
import { couponView, quoteView } from './views.ts';

/** Of a follower's coupons that are not used up, the newest are quoted; nobody has nearly as many. */
const QUOTED_MAX = 500;

/**
 * Questions about coupons:
 * - `GET /coupons?appid=&openid=&state=usable|used|expired&cursor=&limit=`: what a follower owns, newest claim first
 * - `GET /coupons/{code}`: one coupon, by its code as typed
 * - `POST /quotes`: what each of a follower's coupons would take off a basket, or why it cannot be used; best first
 */
export function couponRoutes(pool: Pool): Middleware {
  const router = new Router();
  router.get('/coupons', async (ctx) => {
    const { state: drawer, cursor: after, limit, ...owner } = parse(couponsQuery, { ...ctx.query });
    const nowMs = Date.now();
    const coupons = await listCoupons(pool, owner, { drawer, nowMs, after, max: limit + 1 });
    const shown = coupons.slice(0, limit);
    ctx.body = {
      items: shown.map((one) => couponView(one, nowMs)),
      next: coupons.length > limit ? cursorOf(shown.at(-1)!.coupon) : null,
    };
  });
  router.get('/coupons/:code', async (ctx) => {
    const code = readCode(ctx.params['code']!);
    const found = code === undefined ? undefined : await findCoupon(pool, code);
    if (found === undefined) throw new AppError('not_found', 'no coupon has this code');
    ctx.body = couponView(found, Date.now());
  });
  router.post('/quotes', async (ctx) => {
    const { basket, at, ...owner } = parse(quoteRequest, await readJson(ctx.req));
    const nowMs = at ?? Date.now();
    const coupons = await listCoupons(pool, owner, { drawer: 'usable', nowMs, max: QUOTED_MAX });
    const names = new Map(coupons.map(({ coupon, campaignName }) => [coupon.campaignId, campaignName]));
    const quotes = bestFirst(coupons.map(({ coupon }) => quote(coupon, basket, nowMs)));
    ctx.body = { items: quotes.map((one) => quoteView(one, names.get(one.coupon.campaignId)!, nowMs)) };
  });
  return router.routes() as unknown as Middleware;
}
