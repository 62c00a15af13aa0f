import type { Order } from '../../questions/payment.ts';

const shown = [
  'outTradeNo',
  'state',
  'lines',
  'shop',
  'couponCode',
  'totalFen',
  'discountFen',
  'payableFen',
  'paidFen',
  'refundedFen',
  'createdAt',
  'payUntil',
  'paidAt',
  'closedCause',
  'couponState',
  'refunds',
] as const;

/** What its owner sees of an order. */
export const orderView = (order: Order): Record<string, unknown> =>
  Object.fromEntries(shown.flatMap((name) => (name in order ? [[name, order[name]]] : [])));

/** An order that is on its way to payment: ask again by its number. */
export const pendingOrder = (outTradeNo: string) => ({ outTradeNo, state: 'pending' });
