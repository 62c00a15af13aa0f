import { decode } from '@lingquan/events';
import { BasketSchema } from '@lingquan/events/coupon.ts';
import type { Order } from '../domain/order.ts';
import type { Refund } from '../domain/refund.ts';

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

/** What the coupon took off a line. A discount of nothing is nothing on every line: the issuer then names none. */
const lineDiscount = ({ lineFen, discountFen, payableFen }: Order, line: number): number | null =>
  lineFen?.[line] ?? (payableFen !== undefined && discountFen === 0 ? 0 : null);

/** An order as ingress and operators see it. Money is fen. */
export function orderView(order: Order, refunds: readonly Refund[]) {
  const { lines, shop } = decode(BasketSchema, order.basket);
  return {
    outTradeNo: order.outTradeNo,
    appid: order.appid,
    openid: order.openid,
    state: order.state,
    lines: lines.map(({ sku, name, category, unitPriceFen, quantity }, line) => ({
      sku,
      name,
      category,
      unitPriceFen: Number(unitPriceFen),
      quantity,
      /** Null until the coupon is locked, and where it was not kept. */
      discountFen: lineDiscount(order, line),
    })),
    shop,
    couponCode: order.couponCode === '' ? null : order.couponCode,
    couponState: order.couponState,
    totalFen: order.totalFen,
    discountFen: order.discountFen,
    /** Null until the coupon is locked. */
    payableFen: order.payableFen ?? null,
    paidFen: order.paidFen,
    refundedFen: order.refundedFen,
    createdAt: iso(order.createdAtMs),
    payUntil: iso(order.payUntilMs),
    paidAt: iso(order.paidAtMs),
    closedCause: order.state === 'closed' ? (order.closeCause ?? null) : null,
    transactionId: order.transactionId ?? null,
    refunds: refunds.map(({ outRefundNo, refundFen, state, reason, why, requestedAtMs, succeededAtMs }) => ({
      outRefundNo,
      refundFen,
      state,
      reason,
      why: why ?? null,
      requestedAt: iso(requestedAtMs),
      succeededAt: iso(succeededAtMs),
    })),
  };
}
