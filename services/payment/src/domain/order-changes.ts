import { joined, noChange, noMore, orderTask } from './change.ts';
import type { Change } from './change.ts';
import { bookPaid } from './ledger.ts';
import type { CloseCause, Order } from './order.ts';
import { nextQueryMs } from './schedule.ts';

/** The instant something happens at, and a number in [0, 1) for spreading. */
export type At = { nowMs: number; random: number };

/** A new order: its coupon is asked for first, or its price is known at once. One that came too late is closed as it is made. */
export function created(order: Order, at: At): Change {
  const facts: Change['facts'] = [{ kind: 'order_created' }];
  if (at.nowMs >= order.payUntilMs) return joined({ ...noChange(), facts }, closed(order, 'time_out'));
  if (order.couponCode === '') return joined({ ...noChange(), facts }, priced(order, 0, [], at));
  return {
    ...noChange(),
    order: { ...order, couponState: 'locking' },
    facts,
    coupon: ['lock'],
    tasks: [orderTask('close', order, order.payUntilMs)],
  };
}

/** What is to be paid is known: the platform is asked to take it, unless that is nothing or too late. */
export function priced(order: Order, discountFen: number, lineFen: readonly number[], at: At): Change {
  const couponState = order.couponCode === '' ? 'none' : 'locked';
  const payableFen = order.totalFen - discountFen;
  const next: Order = { ...order, state: 'unpaid', couponState, discountFen, lineFen, payableFen };
  const saying: Change = { ...noChange(), order: next, facts: [{ kind: 'order_priced' }] };
  if (payableFen === 0) return joined(saying, paid(next, { transactionId: undefined, atMs: at.nowMs }));
  if (at.nowMs >= order.payUntilMs) return joined(saying, closed(next, 'time_out'));
  return {
    ...saying,
    tasks: [orderTask('prepay', next, at.nowMs), orderTask('close', next, next.payUntilMs)],
  };
}

/** The money is there (or none was due), whatever was thought of the order until now; its coupon is used up. */
export function paid(order: Order, by: { transactionId: string | undefined; atMs: number }): Change {
  const next: Order = {
    ...order,
    state: 'paid',
    couponState: order.couponCode === '' ? 'none' : 'redeeming',
    paidFen: order.payableFen ?? 0,
    transactionId: by.transactionId,
    paidAtMs: by.atMs,
  };
  return {
    ...noChange(),
    order: next,
    facts: [{ kind: 'order_paid' }],
    coupon: next.couponState === 'redeeming' ? ['redeem'] : [],
    bookings: bookPaid(next),
    tasks: noMore(['prepay', 'query', 'close'], next),
  };
}

/** It will not be paid; its coupon is free again. */
export function closed(order: Order, closeCause: CloseCause): Change {
  const held = order.couponState === 'locking' || order.couponState === 'locked';
  const next: Order = { ...order, state: 'closed', closeCause, couponState: held ? 'releasing' : order.couponState };
  return {
    ...noChange(),
    order: next,
    facts: [{ kind: 'order_closed', cause: closeCause }],
    coupon: held ? ['release'] : [],
    tasks: noMore(['prepay', 'query', 'close'], next),
  };
}

/** No payment is wanted any more; until the platform was told so and has answered, one may still come. */
const closing = (order: Order, closeCause: CloseCause): Change => ({
  ...noChange(),
  order: { ...order, state: 'closing', closeCause },
  tasks: noMore(['prepay', 'query'], order),
});

const closingNow = (order: Order, closeCause: CloseCause, at: At): Change =>
  joined(closing(order, closeCause), { ...noChange(), tasks: [orderTask('close', order, at.nowMs)] });

/** The follower thought better of it. Before the coupon's answer nothing is known at the platform. */
export function cancelled(order: Order, at: At): Change {
  if (order.state === 'locking') return closed(order, 'cancelled');
  return order.state === 'unpaid' ? closingNow(order, 'cancelled', at) : noChange();
}

/** The order's time is over. Said by the call that is about to close it at the platform, so that call is due already. */
export function timedOut(order: Order): Change {
  if (order.state === 'locking') return closed(order, 'time_out');
  return order.state === 'unpaid' ? closing(order, 'time_out') : noChange();
}

/** The platform takes payments for it. An order that is closed meanwhile is not revived: what was made there is closed again. */
export function prepared(order: Order, prepayId: string, at: At): Change {
  if (order.state === 'closing' || order.state === 'closed')
    return { ...noChange(), tasks: [orderTask('close', order, at.nowMs)] };
  if (order.state !== 'unpaid') return noChange();
  const next: Order = { ...order, prepayId, preparedAtMs: at.nowMs };
  return { ...noChange(), order: next, tasks: nextQuery(next, at) };
}

/** The order may exist at the platform although it refuses to take it (again): it is closed there, and asked about. */
const MAY_EXIST = new Set(['ORDERPAID', 'ORDERCLOSED', 'OUTTRADENOUSED', 'INVALIDREQUEST', 'TRADEERROR']);

/** The platform will not take the order. Codes are compared without underscores (reference B.10). */
export function prepayRefused(order: Order, code: string, at: At): Change {
  if (order.state !== 'unpaid') return noChange();
  const refused: Order = { ...order, platformCode: code };
  return order.prepayId !== undefined || MAY_EXIST.has(code.replaceAll('_', ''))
    ? closingNow(refused, 'platform', at)
    : closed(refused, 'platform');
}

/** Asks again about an order that can still be paid; at the deadline closing asks by itself. */
export function nextQuery(order: Order, at: At): Change['tasks'] {
  const atMs = nextQueryMs(order.preparedAtMs ?? order.createdAtMs, at.nowMs, order.payUntilMs);
  return order.state !== 'unpaid' || atMs === undefined ? [] : [orderTask('query', order, atMs)];
}
