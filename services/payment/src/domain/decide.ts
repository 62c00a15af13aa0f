import { joined, noChange, noMore, orderTask, refundTask } from './change.ts';
import type { Change } from './change.ts';
import type { Happening } from './happening.ts';
import type { Incident } from './incident.ts';
import { judgeRefund, judgeTransaction } from './notice.ts';
import type { RefundTold, TransactionTold } from './notice.ts';
import { newOrder } from './order.ts';
import type { Order } from './order.ts';
import {
  cancelled,
  closed,
  created,
  nextQuery,
  paid,
  prepared,
  prepayRefused,
  priced,
  timedOut,
} from './order-changes.ts';
import { advance, askAtOf, decideRefund, leftOf } from './refund.ts';
import type { Refund, RefundOutcome } from './refund.ts';
import { adopted, asked, failed, moved, requested } from './refund-changes.ts';
import { WAIT_FOR_PEOPLE_MS, retryMs } from './schedule.ts';

/** What there is to decide from. */
export type Known = {
  outTradeNo: string;
  order: Order | undefined;
  /** All of the order. */
  refunds: readonly Refund[];
  /** The refund of the number this is about, of whatever order. */
  refund: Refund | undefined;
  /** The order that has the transaction_id this is about. */
  heldBy?: string | undefined;
};

export type Circumstances = {
  /** What is decided counts from here. */
  nowMs: number;
  /** When it was said: an order is as old as its command. */
  saidAtMs: number;
  /** In [0, 1), for spreading. */
  random: number;
  ownMchid: string;
  traceparent: string | undefined;
  /** Refunds of one order are this far apart: the platform asks for a minute (reference D.6). */
  refundGapMs: number;
};

/** A change, and the answer to whoever asked for a refund. */
export type Decision = Change & { refundOutcome?: RefundOutcome };

/** What one thing that happened changes. Pure: the same in the same circumstances gives the same. */
export function decide(known: Known, happening: Happening, at: Circumstances): Decision {
  const { order } = known;
  switch (happening.kind) {
    case 'create':
      // The same number again: whoever asks is answered from the order there is.
      return order === undefined ? created(newOrder(happening.order, at.saidAtMs, at.traceparent), at) : noChange();
    case 'request_refund':
      return refundRequested(known, happening, at);
    case 'transaction_told':
      return transactionTold(known, happening.told, at);
    case 'refund_told':
      return refundTold(known, happening.told, happening.asked, at);
    case 'no_refund':
      return noRefund(known, happening.outRefundNo, at);
    case 'refund_refused':
      return known.refund?.state === 'requested' ? failed(known.refund, happening.code) : noChange();
    case 'try_again_refund':
      return tryRefundAgain(known, happening, at);
    default:
      return order === undefined ? noChange() : decideOrder(order, happening, at, known.heldBy);
  }
}

type OfKind<K extends Happening['kind']> = Extract<Happening, { kind: K }>;
type AboutOrder = Exclude<
  Happening,
  OfKind<
    | 'create'
    | 'request_refund'
    | 'transaction_told'
    | 'refund_told'
    | 'no_refund'
    | 'refund_refused'
    | 'try_again_refund'
  >
>;

function decideOrder(order: Order, happening: AboutOrder, at: Circumstances, heldBy: string | undefined): Change {
  switch (happening.kind) {
    case 'cancel':
      return cancelled(order, at);
    case 'time_out':
      return timedOut(order);
    case 'coupon_locked':
      return order.state === 'locking' ? priced(order, happening.discountFen, happening.lineFen, at) : noChange();
    case 'coupon_done':
      return couponDone(order, happening);
    case 'coupon_not_done':
      return couponNotDone(order, happening);
    case 'prepared':
      return prepared(order, happening.prepayId, at);
    case 'prepay_refused':
      return prepayRefused(order, happening.code, at);
    case 'no_transaction': // if it was never made there: it is made again with the same number (reference A.7)
      return order.state === 'unpaid'
        ? { ...noChange(), tasks: [orderTask('prepay', order, at.nowMs), ...nextQuery(order, at)] }
        : noChange();
    case 'close_answered':
      return closeAnswered(order, happening, at, heldBy);
    case 'try_again':
      return tryAgain(order, happening, at);
    default:
      return happening satisfies never;
  }
}

function tryAgain(order: Order, { call, attempts }: OfKind<'try_again'>, at: Circumstances): Change {
  const wanted = call === 'close' ? order.state !== 'paid' : order.state === 'unpaid';
  if (!wanted) return noChange();
  const dueMs = at.nowMs + retryMs[call](attempts, at.random);
  // What is not prepared or asked by the deadline is closed.
  if (call !== 'close' && dueMs >= order.payUntilMs) return noChange();
  return { ...noChange(), tasks: [orderTask(call, order, dueMs, attempts)] };
}

// ---- the coupon

/** What is under way when each of these is answered; answers to what was overtaken change nothing. */
const underWay = { lock: 'locking', redeem: 'redeeming', release: 'releasing', return: 'returning' } as const;
const done = { lock: 'locked', redeem: 'redeemed', release: 'released', return: 'returned' } as const;

function couponDone(
  order: Order,
  { action, expired = false }: Pick<OfKind<'coupon_done'>, 'action' | 'expired'>,
): Change {
  if (order.couponState !== underWay[action]) return noChange();
  const couponState = action === 'return' && expired ? 'returned_expired' : done[action];
  return { ...noChange(), order: { ...order, couponState } };
}

function couponNotDone(order: Order, { action, unusable, why }: OfKind<'coupon_not_done'>): Change {
  const incident = (kind: Incident['kind']): Incident => ({
    kind,
    outTradeNo: order.outTradeNo,
    of: '',
    evidence: { why },
  });
  switch (action) {
    case 'lock':
      return order.state === 'locking' ? closed({ ...order, couponState: 'refused', unusable }, 'coupon') : noChange();
    case 'redeem': // it may be on its way back already: then it will not be taken back either
      return order.couponState === 'redeeming' || order.couponState === 'returning'
        ? { ...noChange(), order: { ...order, couponState: 'gone' }, incidents: [incident('coupon_gone')] }
        : noChange();
    case 'release': // it is not held by this order any more: that was wanted
      return couponDone(order, { action });
    case 'return':
      return order.couponState === 'returning'
        ? { ...noChange(), order: { ...order, couponState: 'redeemed' }, incidents: [incident('coupon_not_returned')] }
        : noChange();
    default:
      return action satisfies never;
  }
}

// ---- payments

type Told = Pick<Known, 'order' | 'heldBy'>;

function transactionTold({ order, heldBy }: Told, told: TransactionTold, at: Circumstances): Change {
  const verdict = judgeTransaction(order, told, at.ownMchid, heldBy);
  switch (verdict.kind) {
    case 'incident':
      return { ...noChange(), incidents: [verdict.incident], tasks: order === undefined ? [] : nextQuery(order, at) };
    case 'paid':
      return paid(order!, { transactionId: told.transactionId, atMs: told.successAtMs ?? at.nowMs });
    case 'closed':
      return closedThere(order!, at);
    case 'open':
      return { ...noChange(), tasks: nextQuery(order!, at) };
    case 'repeat':
      return { ...noChange(), tasks: noMore(['query'], order!) };
    default:
      return verdict satisfies never;
  }
}

/** The platform takes no payment for this order any more. */
function closedThere(order: Order, at: Circumstances): Change {
  if (order.state !== 'unpaid' && order.state !== 'closing') return noChange();
  return closed(order, order.closeCause ?? (at.nowMs >= order.payUntilMs ? 'time_out' : 'platform'));
}

/** The platform was told to close it and asked about it: its word on the state is believed (reference B.9). */
function closeAnswered(
  order: Order,
  { done: isDone, told, attempts }: OfKind<'close_answered'>,
  at: Circumstances,
  heldBy: string | undefined,
): Change {
  const verdict = told && judgeTransaction(order, told, at.ownMchid, heldBy);
  if (verdict?.kind === 'paid') return transactionTold({ order, heldBy }, told!, at);
  if (verdict?.kind === 'incident') {
    const later = orderTask('close', order, at.nowMs + WAIT_FOR_PEOPLE_MS, attempts);
    return { ...noChange(), incidents: [verdict.incident], tasks: [later] };
  }
  if (verdict?.kind === 'repeat') return noChange();
  if (isDone || verdict?.kind === 'closed') return closedThere(order, at);
  return tryAgain(order, { kind: 'try_again', call: 'close', attempts }, at);
}

// ---- refunds

function refundRequested(
  { outTradeNo, order, refunds, refund: known }: Known,
  { outRefundNo, askedFen, reason }: OfKind<'request_refund'>,
  at: Circumstances,
): Decision {
  const refundOutcome = decideRefund(order, refunds, known, { outTradeNo, outRefundNo, askedFen }, at.nowMs);
  if (order === undefined || known !== undefined || refundOutcome.kind === 'refused')
    return { ...noChange(), refundOutcome };
  const refund: Refund = {
    outRefundNo,
    outTradeNo,
    askedFen,
    refundFen: refundOutcome.refundFen,
    reason,
    state: 'requested',
    refundId: undefined,
    why: undefined,
    requestedAtMs: at.nowMs,
    askAtMs: askAtOf(refunds, at.nowMs, at.refundGapMs),
    acceptedAtMs: undefined,
    succeededAtMs: undefined,
  };
  return { ...requested(order, refund, at), refundOutcome };
}

function refundTold({ order, refund, refunds }: Known, told: RefundTold, wasAsked: boolean, at: Circumstances): Change {
  const verdict = judgeRefund(order, refund, told, at.ownMchid);
  switch (verdict.kind) {
    case 'incident':
      return { ...noChange(), incidents: [verdict.incident], tasks: refund === undefined ? [] : asked(refund, at) };
    case 'repeat':
      return { ...noChange(), tasks: asked(refund!, at) };
    case 'moves':
      return moved(order!, refund!, verdict.to, told, at);
    case 'not ours':
      return wasAsked ? refundFound(order!, refunds, told, at) : refundHeardOf(order!, told, at);
    default:
      return verdict satisfies never;
  }
}

/** A notice of a refund nobody asked for here: the platform is asked, first about a payment that is still missing (reference D.4). */
const refundHeardOf = (order: Order, told: RefundTold, at: Circumstances): Change => ({
  ...noChange(),
  tasks: [
    ...(order.state === 'paid' ? [] : [orderTask('query', order, at.nowMs)]),
    refundTask('query_refund', told, at.nowMs),
  ],
});

/** The platform confirms a refund nobody asked for here. */
function refundFound(order: Order, refunds: readonly Refund[], told: RefundTold, at: Circumstances): Change {
  if (order.state !== 'paid') {
    const soonMs = at.nowMs + retryMs.query_refund(1, at.random);
    return {
      ...noChange(),
      tasks: [orderTask('query', order, at.nowMs), refundTask('query_refund', told, soonMs)],
    };
  }
  const fits =
    told.totalFen === order.paidFen &&
    told.refundFen <= leftOf(order.paidFen, refunds) &&
    (told.transactionId === '' || told.transactionId === order.transactionId);
  if (!fits) {
    const { outTradeNo, outRefundNo, refundId, status, refundFen, totalFen } = told;
    const evidence = { refundId, status, refundFen, totalFen, ourTotalFen: order.paidFen };
    const incident: Incident = { kind: 'refund_differs', outTradeNo, outRefundNo, of: outRefundNo, evidence };
    return { ...noChange(), incidents: [incident] };
  }
  const adopting = adopted(order, told, at);
  const to = advance('requested', told.status);
  return to === 'as it is' || to === 'contradiction'
    ? adopting
    : joined(adopting, moved(order, adopting.refund!, to, told, at));
}

/** The platform knows no such refund: one of ours is asked for again with the same number (reference A.12), another was never true. */
function noRefund({ outTradeNo, refund }: Known, outRefundNo: string, at: Circumstances): Change {
  if (refund === undefined) {
    const incident: Incident = { kind: 'refund_unknown', outTradeNo, outRefundNo, of: outRefundNo, evidence: {} };
    return { ...noChange(), incidents: [incident] };
  }
  return refund.state === 'requested' || refund.state === 'processing'
    ? { ...noChange(), tasks: [refundTask('refund', refund, at.nowMs)] }
    : noChange();
}

/** Eight tries, doubling from 5 s, are ten minutes. */
const ATTEMPTS_UNTIL_PEOPLE_ARE_TOLD = 8;

function tryRefundAgain(
  { order, outTradeNo, refund }: Known,
  { call, outRefundNo, attempts, code }: OfKind<'try_again_refund'>,
  at: Circumstances,
): Change {
  if (order === undefined || refund?.state === 'succeeded' || refund?.state === 'closed') return noChange();
  const backOffMs = retryMs[call](attempts, at.random);
  const short = code?.replaceAll('_', '') === 'NOTENOUGH';
  const stuck = call === 'refund' && !short && attempts >= ATTEMPTS_UNTIL_PEOPLE_ARE_TOLD;
  const dueMs = at.nowMs + (short ? Math.max(backOffMs, WAIT_FOR_PEOPLE_MS / 6) : backOffMs);
  const incident = (kind: Incident['kind'], evidence: Incident['evidence'] = {}): Incident => ({
    kind,
    outTradeNo,
    outRefundNo,
    of: outRefundNo,
    evidence: { refundFen: refund?.refundFen ?? null, ...evidence },
  });
  return {
    ...noChange(),
    tasks: [refundTask(call, { outRefundNo, outTradeNo }, dueMs, attempts)],
    incidents: [
      ...(short ? [incident('balance_short')] : []),
      ...(stuck ? [incident('refund_not_taken', { code: code ?? null })] : []),
    ],
  };
}
