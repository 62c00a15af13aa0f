import type { OutgoingRecord } from '@lingquan/kafka';
import { z } from 'zod';
import { cancelOrder } from '../../publish/commands.ts';
import type { PaymentQuestions } from '../../questions/payment.ts';
import type { ApiRoute } from './call.ts';
import { ok } from './call.ts';
import { checked } from './check.ts';
import type { OrderView } from './order-view.ts';
import { ownOrder } from './own-order.ts';
import { pageFields } from './page.ts';
import { Refusal } from './refusal.ts';

const listShape = z.strictObject(pageFields);

/** `GET /api/orders?cursor=&limit=` → `{items, next}`: the shopper's own, the newest first. */
export const listOrdersRoute = (payment: PaymentQuestions, view: OrderView): ApiRoute => ({
  method: 'GET',
  path: '/api/orders',
  access: 'session',
  handle: async ({ session, query }) => {
    const { items, next } = await payment.orders(session, checked(listShape, query));
    return ok({ items: items.map(view), next: next ?? null });
  },
});

/** `GET /api/orders/{n}` → the order. */
export const orderRoute = (payment: PaymentQuestions, view: OrderView): ApiRoute => ({
  method: 'GET',
  path: '/api/orders/:outTradeNo',
  access: 'session',
  handle: async ({ session, params }) => ok(view(await ownOrder(payment, session, params['outTradeNo']!))),
});

/** `GET /api/orders/{n}/payment` → what wx.requestPayment takes; 409 when it cannot be paid now. */
export const orderPaymentRoute = (payment: PaymentQuestions): ApiRoute => ({
  method: 'GET',
  path: '/api/orders/:outTradeNo/payment',
  access: 'session',
  handle: async ({ session, params }) => {
    const { outTradeNo } = await ownOrder(payment, session, params['outTradeNo']!);
    const parameters = await payment.parameters(outTradeNo);
    if (parameters === undefined) throw new Refusal('not_payable');
    return ok(parameters);
  },
});

export type CancelOptions = {
  payment: PaymentQuestions;
  view: OrderView;
  /** Resolves when the record is durable. */
  publish: (record: OutgoingRecord) => Promise<void>;
};

/** `POST /api/orders/{n}/cancel` → 202 `{order}`; 200 when it is closed already, 409 when it is paid. Its state tells what became of it. */
export const cancelOrderRoute = ({ payment, view, publish }: CancelOptions): ApiRoute => ({
  method: 'POST',
  path: '/api/orders/:outTradeNo/cancel',
  access: 'session',
  handle: async ({ session, params, nowMs }) => {
    const order = await ownOrder(payment, session, params['outTradeNo']!);
    if (order.state === 'paid') throw new Refusal('order_paid');
    if (order.state === 'closed') return ok({ order: view(order) });
    await publish(cancelOrder(order.outTradeNo, nowMs));
    return { status: 202, body: { order: view(order) } };
  },
});
