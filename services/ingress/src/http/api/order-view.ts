import type { Config } from '../../config.ts';
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

export type OrderView = (order: Order) => Record<string, unknown>;

/** What its owner sees of an order, and who may ask for its money back: `shopper`, here, or only the `shop`. */
export const orderView =
  (refundsByShoppers: Config['refundsByShoppers']): OrderView =>
  (order) => ({
    ...Object.fromEntries(shown.flatMap((name) => (name in order ? [[name, order[name]]] : []))),
    refundsBy: refundsByShoppers === 'off' ? 'shop' : 'shopper',
  });

/** An order that is on its way to payment: ask again by its number. */
export const pendingOrder = (outTradeNo: string) => ({ outTradeNo, state: 'pending' });
