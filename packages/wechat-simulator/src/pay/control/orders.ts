import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { readControl } from '../../control/request.ts';
import { atCashier, orderOf } from '../cashier.ts';
import { type Order, stateAt } from '../rules/order.ts';
import { shownOrder, shownRefund } from '../state/book.ts';
import type { PayPlatform } from '../index.ts';

const paymentShape = z.object({
  appId: z.string().optional(),
  timeStamp: z.string(),
  nonceStr: z.string(),
  package: z.string(),
  signType: z.string(),
  paySign: z.string(),
});
const who = {
  outTradeNo: z.string().optional(),
  prepayId: z.string().optional(),
  codeUrl: z.string().optional(),
  payment: paymentShape.optional(),
  openid: z.string().optional(),
};
const cashierShape = z.strictObject(who);
const payShape = z.strictObject({ ...who, couponFen: z.number().int().min(0).default(0) });
const failShape = z.strictObject({ ...who, reason: z.string().min(1).max(64).default('cancel') });
const outcomeShape = z.strictObject({ outcome: z.enum(['success', 'abnormal', 'closed']) });

/** How many a list may show. */
export const limitOf = (value: unknown): number => Math.min(Math.max(Math.floor(Number(value ?? 100)) || 100, 1), 1000);

/** What people do at the cashier, and what became of orders and refunds. */
export function orderRoutes(router: Router, { pay, desk, notices }: PayPlatform): void {
  const { book, keys, world } = pay;
  const shown = (order: Order) =>
    shownOrder(order, book.refundsOf(order.outTradeNo), keys.merchant.mchid, world.clock.now());

  router.post('/_sim/pay/cashier', async (ctx) => {
    ctx.body = { order: shown(atCashier(pay, await readControl(ctx, cashierShape)).order) };
  });

  router.post('/_sim/pay/pay', async (ctx) => {
    const { couponFen, ...wanted } = await readControl(ctx, payShape);
    const { order, openid } = atCashier(pay, wanted);
    if (couponFen >= order.totalFen) throw new AppError('invalid', 'couponFen must be less than the order’s amount');
    ctx.body = { order: shown(desk.pay(order, { openid, couponFen })) };
  });

  router.post('/_sim/pay/fail', async (ctx) => {
    const { reason, ...wanted } = await readControl(ctx, failShape);
    const failed = desk.fail(atCashier(pay, wanted).order, reason);
    world.feed.publish('pay', { kind: 'attempt', order: shown(failed), reason });
    ctx.body = { order: shown(failed) };
  });

  router.get('/_sim/pay/orders', (ctx) => {
    const { outTradeNo, openid, state, limit } = ctx.query;
    const now = world.clock.now();
    const items = book
      .orders()
      .filter((order) => outTradeNo === undefined || order.outTradeNo === outTradeNo)
      .filter((order) => openid === undefined || (order.payer ?? order.openid) === openid)
      .filter((order) => state === undefined || stateAt(order, now) === state);
    ctx.body = { items: items.slice(0, limitOf(limit)).map(shown), total: items.length };
  });

  router.get('/_sim/pay/orders/:outTradeNo', (ctx) => {
    const order = orderOf(pay, { outTradeNo: ctx.params['outTradeNo'] });
    ctx.body = {
      order: shown(order),
      refunds: book.refundsOf(order.outTradeNo).map(shownRefund),
      notices: notices.list().filter(({ outTradeNo }) => outTradeNo === order.outTradeNo),
    };
  });

  router.get('/_sim/pay/refunds', (ctx) => {
    const { outTradeNo, outRefundNo, state, limit } = ctx.query;
    const items = book
      .refunds()
      .filter((refund) => outTradeNo === undefined || refund.outTradeNo === outTradeNo)
      .filter((refund) => outRefundNo === undefined || refund.outRefundNo === outRefundNo)
      .filter((refund) => state === undefined || refund.state === state);
    ctx.body = { items: items.slice(0, limitOf(limit)).map(shownRefund), total: items.length };
  });

  router.post('/_sim/pay/refunds/:outRefundNo', async (ctx) => {
    const { outcome } = await readControl(ctx, outcomeShape);
    const refund = book.refund(ctx.params['outRefundNo'] ?? '');
    if (refund === undefined) throw new AppError('not_found', 'There is no such refund at WeChat Pay');
    const done = desk.settle(refund, outcome);
    if (done === undefined) throw new AppError('conflict', `The refund is ${refund.state} already`);
    ctx.body = { refund: shownRefund(done) };
  });
}
