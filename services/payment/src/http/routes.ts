import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import type { Middleware } from 'koa';
import type { Pool } from 'pg';
import type { Platform } from '../calls/platform.ts';
import type { Order } from '../domain/order.ts';
import type { Reconciliation } from '../store/reconciliations.ts';
import { listIncidents } from '../store/incidents.ts';
import { loadBalances } from '../store/ledger.ts';
import { listOrders, loadOrders } from '../store/orders.ts';
import type { OrderCursor } from '../store/orders.ts';
import { loadRefunds } from '../store/refunds.ts';
import { orderView } from './order-view.ts';
import { limitOf, oneOf, required, single } from './query.ts';

export type RoutesOptions = {
  pool: Pool;
  platform: Pick<Platform, 'clientParameters'>;
  /** The order as it can be paid now, prepared again if need be; undefined when it cannot. */
  payable: (order: Order) => Promise<Order | undefined>;
  keys: () => Promise<{ serialNo: string; pem: string; effectiveAtMs: number; expiresAtMs: number }[]>;
  reconcile: (date: string) => Promise<Reconciliation>;
};

/**
 * Questions to payment:
 * - `GET /orders?appid=&openid=&limit=&cursor=` newest first, `GET /orders/{outTradeNo}`
 * - `GET /orders/{outTradeNo}/payment`: what `wx.requestPayment` takes; 409 `not_payable` when it cannot be paid (now)
 * - `GET /incidents?state=open|resolved&limit=`, `GET /ledger`
 * - `GET /platform-keys`: the platform's certificates, by which notices are verified
 * - `POST /reconciliations/{YYYY-MM-DD}`: compares the bill of that day with the ledger
 */
export function routes({ pool, platform, payable, keys, reconcile }: RoutesOptions): Middleware {
  const router = new Router();
  const orderOf = async (outTradeNo: string): Promise<Order> => {
    const order = (await loadOrders(pool, [outTradeNo])).get(outTradeNo);
    if (order === undefined) throw new AppError('not_found', 'there is no such order');
    return order;
  };

  router.get('/orders', async (ctx) => {
    const { appid, openid, limit, cursor } = ctx.query;
    const max = limitOf(limit);
    const follower = { appid: required(appid, 'appid'), openid: required(openid, 'openid') };
    const orders = await listOrders(pool, follower, cursorOf(single(cursor, 'cursor')), max + 1);
    const page = orders.slice(0, max);
    const numbers = page.map(({ outTradeNo }) => outTradeNo);
    const refunds = Map.groupBy(await loadRefunds(pool, numbers, []), ({ outTradeNo }) => outTradeNo);
    ctx.body = {
      items: page.map((order) => orderView(order, refunds.get(order.outTradeNo) ?? [])),
      next: orders.length > max ? cursorFor(page.at(-1)!) : null,
    };
  });
  router.get('/orders/:outTradeNo', async (ctx) => {
    const order = await orderOf(ctx.params['outTradeNo']!);
    ctx.body = orderView(order, await loadRefunds(pool, [order.outTradeNo], []));
  });
  router.get('/orders/:outTradeNo/payment', async (ctx) => {
    const order = await payable(await orderOf(ctx.params['outTradeNo']!));
    if (order?.prepayId === undefined) {
      ctx.status = 409;
      ctx.body = { error: 'not_payable', message: '订单现在不能支付 · this order cannot be paid now' };
      return;
    }
    ctx.body = platform.clientParameters(order.appid, order.prepayId);
  });
  router.get('/incidents', async (ctx) => {
    const state = oneOf(ctx.query['state'], 'state', ['open', 'resolved']);
    ctx.body = { items: await listIncidents(pool, state, limitOf(ctx.query['limit'])) };
  });
  router.get('/ledger', async (ctx) => {
    const balances = await loadBalances(pool);
    const sum = Object.values(balances).reduce((total, fen) => total + fen, 0);
    ctx.body = { accounts: balances, sumFen: sum };
  });
  router.get('/platform-keys', async (ctx) => {
    const certificates = await keys();
    ctx.body = {
      certificates: certificates.map(({ serialNo, pem, effectiveAtMs, expiresAtMs }) => ({
        serialNo,
        pem,
        effectiveAt: new Date(effectiveAtMs).toISOString(),
        expiresAt: new Date(expiresAtMs).toISOString(),
      })),
    };
  });
  router.post('/reconciliations/:date', async (ctx) => {
    try {
      ctx.body = await reconcile(ctx.params['date']!);
    } catch (error) {
      if (error instanceof RangeError) throw new AppError('invalid', 'the date must be YYYY-MM-DD', { cause: error });
      throw error;
    }
  });
  return router.routes() as unknown as Middleware;
}

const cursorFor = ({ createdAtMs, outTradeNo }: Order): string =>
  Buffer.from(`${createdAtMs} ${outTradeNo}`).toString('base64url');

function cursorOf(text: string | undefined): OrderCursor | undefined {
  if (text === undefined) return undefined;
  const [, createdAtMs, outTradeNo] =
    /^(\d{1,15}) ([0-9A-Za-z_\-|*]{6,32})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (createdAtMs === undefined || outTradeNo === undefined)
    throw new AppError('invalid', 'cursor is not one this service gave');
  return { createdAtMs: Number(createdAtMs), outTradeNo };
}
