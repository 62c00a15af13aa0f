import type { Incident } from './incident.ts';
import type { Booking } from './ledger.ts';
import type { CloseCause, Order } from './order.ts';
import type { Refund } from './refund.ts';
import type { TaskKind } from './schedule.ts';

/** A fact to tell everybody; the envelope and the order's own fields are added where it is published. */
export type Fact =
  | { kind: 'order_created' }
  | { kind: 'order_priced' }
  | { kind: 'order_paid' }
  | { kind: 'order_closed'; cause: CloseCause }
  | { kind: 'refund_requested'; refund: Refund }
  | { kind: 'refund_succeeded'; refund: Refund; whole: boolean }
  | { kind: 'refund_failed'; refund: Refund; why: string };

/** A command to the coupon issuer about the order's coupon. */
export type CouponAction = 'lock' | 'redeem' | 'release' | 'return';

/** Of which order or refund a call is due. */
export type TaskKey = { kind: TaskKind; key: string; outTradeNo: string };

/** A call that is to be made, or no more. */
export type TaskChange = TaskKey & ({ to: 'drop' } | { to: 'due'; atMs: number; attempts: number });

/** Everything one thing that happened changes and says. What is absent or empty stays as it is. */
export type Change = {
  order?: Order;
  refund?: Refund;
  facts: Fact[];
  coupon: CouponAction[];
  bookings: Booking[];
  tasks: TaskChange[];
  incidents: Incident[];
};

export const noChange = (): Change => ({ facts: [], coupon: [], bookings: [], tasks: [], incidents: [] });

/** What both say, in this order; the later order and refund win. */
export const joined = (first: Change, then: Change): Change => ({
  ...first,
  ...then,
  facts: [...first.facts, ...then.facts],
  coupon: [...first.coupon, ...then.coupon],
  bookings: [...first.bookings, ...then.bookings],
  tasks: [...first.tasks, ...then.tasks],
  incidents: [...first.incidents, ...then.incidents],
});

/** A call about an order, due at `atMs`. */
export const orderTask = (
  kind: 'prepay' | 'query' | 'close',
  { outTradeNo }: { outTradeNo: string },
  atMs: number,
  attempts = 0,
): TaskChange => ({ kind, key: outTradeNo, outTradeNo, to: 'due', atMs, attempts });

/** A call about a refund, due at `atMs`. */
export const refundTask = (
  kind: 'refund' | 'query_refund',
  { outRefundNo, outTradeNo }: { outRefundNo: string; outTradeNo: string },
  atMs: number,
  attempts = 0,
): TaskChange => ({ kind, key: outRefundNo, outTradeNo, to: 'due', atMs, attempts });

/** These calls about an order are no more to be made. */
export const noMore = (kinds: readonly ('prepay' | 'query' | 'close')[], { outTradeNo }: Order): TaskChange[] =>
  kinds.map((kind) => ({ kind, key: outTradeNo, outTradeNo, to: 'drop' }));
