import { joined, noChange, refundTask } from './change.ts';
import type { Change, Fact } from './change.ts';
import type { Incident } from './incident.ts';
import { bookDiscountReturned, bookRefundClosed, bookRefundRequested, bookRefundSucceeded } from './ledger.ts';
import type { RefundTold } from './notice.ts';
import type { Order } from './order.ts';
import type { At } from './order-changes.ts';
import type { Refund, RefundState } from './refund.ts';
import { abnormalQueryMs, nextRefundQueryMs } from './schedule.ts';

/** A refund that was granted: the platform is asked for it, or it is done at once when nothing was paid. */
export function requested(order: Order, refund: Refund, at: At): Change {
  const saying: Change = {
    ...noChange(),
    refund,
    facts: [{ kind: 'refund_requested', refund }],
    bookings: bookRefundRequested(refund),
  };
  return order.paidFen === 0
    ? joined(saying, succeeded(order, refund, at.nowMs))
    : { ...saying, tasks: [refundTask('refund', refund, refund.askAtMs)] };
}

const noMore = ({ outRefundNo, outTradeNo }: Refund): Change['tasks'] =>
  (['refund', 'query_refund'] as const).map((kind) => ({ kind, key: outRefundNo, outTradeNo, to: 'drop' }));

/** The payer has his money. With the last of it the sale is undone, and its coupon comes back. */
export function succeeded(order: Order, refund: Refund, atMs: number): Change {
  const next: Refund = { ...refund, state: 'succeeded', succeededAtMs: atMs };
  const refundedFen = order.refundedFen + refund.refundFen;
  const whole = refundedFen === order.paidFen;
  const returns = whole && (order.couponState === 'redeeming' || order.couponState === 'redeemed');
  return {
    ...noChange(),
    order: { ...order, refundedFen, couponState: returns ? 'returning' : order.couponState },
    refund: next,
    facts: [{ kind: 'refund_succeeded', refund: next, whole }],
    coupon: returns ? ['return'] : [],
    bookings: [...bookRefundSucceeded(refund), ...(whole ? bookDiscountReturned(order) : [])],
    tasks: noMore(refund),
  };
}

const incidentOf = (kind: Incident['kind'], refund: Refund, evidence: Incident['evidence']): Incident => ({
  kind,
  outTradeNo: refund.outTradeNo,
  outRefundNo: refund.outRefundNo,
  of: refund.outRefundNo,
  evidence: { refundFen: refund.refundFen, ...evidence },
});

/** Nothing was given back by this number and never will be: the platform closed it, or refused it with a code. */
export function failed(refund: Refund, why: string): Change {
  const next: Refund = { ...refund, state: 'closed', why };
  const fact: Fact = { kind: 'refund_failed', refund: next, why };
  return {
    ...noChange(),
    refund: next,
    facts: [fact],
    bookings: bookRefundClosed(refund),
    tasks: noMore(refund),
    incidents: [incidentOf('refund_failed', refund, { why })],
  };
}

function abnormal(refund: Refund, at: At): Change {
  const next: Refund = { ...refund, state: 'abnormal', why: 'ABNORMAL' };
  return {
    ...noChange(),
    refund: next,
    facts: [{ kind: 'refund_failed', refund: next, why: 'ABNORMAL' }],
    tasks: asked(next, at),
    incidents: [incidentOf('refund_abnormal', refund, {})],
  };
}

/** A refund that is not at its end is asked about, and not asked for any more: the platform has it. */
export function asked(refund: Refund, at: At): Change['tasks'] {
  if (refund.state === 'succeeded' || refund.state === 'closed') return noMore(refund);
  const dueMs =
    refund.state === 'abnormal' ? abnormalQueryMs(at.nowMs) : nextRefundQueryMs(refund.requestedAtMs, at.nowMs);
  return [...noMore(refund), refundTask('query_refund', refund, dueMs)];
}

/** Moves a refund to where the platform says it is. */
export function moved(order: Order, refund: Refund, to: RefundState, told: RefundTold, at: At): Change {
  const known: Refund = {
    ...refund,
    refundId: told.refundId === '' ? refund.refundId : told.refundId,
    acceptedAtMs: refund.acceptedAtMs ?? at.nowMs,
  };
  switch (to) {
    case 'succeeded':
      return succeeded(order, known, told.successAtMs ?? at.nowMs);
    case 'closed':
      return failed(known, told.status);
    case 'abnormal':
      return abnormal(known, at);
    case 'processing':
    case 'requested': {
      const next: Refund = { ...known, state: 'processing' };
      return { ...noChange(), refund: next, tasks: asked(next, at) };
    }
    default:
      return to satisfies never;
  }
}

/** A refund the platform confirms and nobody asked for here: it is booked as it stands, and people are told. */
export function adopted(order: Order, told: RefundTold, at: At): Change {
  const refund: Refund = {
    outRefundNo: told.outRefundNo,
    outTradeNo: told.outTradeNo,
    askedFen: told.refundFen,
    refundFen: told.refundFen,
    reason: '',
    state: 'requested',
    refundId: told.refundId === '' ? undefined : told.refundId,
    why: undefined,
    requestedAtMs: told.successAtMs ?? at.nowMs,
    askAtMs: told.successAtMs ?? at.nowMs,
    acceptedAtMs: undefined,
    succeededAtMs: undefined,
  };
  return {
    ...noChange(),
    refund,
    facts: [{ kind: 'refund_requested', refund }],
    bookings: bookRefundRequested(refund),
    incidents: [incidentOf('refund_not_ours', refund, { refundId: told.refundId })],
  };
}
