/** `succeeded` never changes; `abnormal` may still succeed; `closed` gave nothing back and its number is used up (reference D.2). */
export const refundStates = ['requested', 'processing', 'succeeded', 'closed', 'abnormal'] as const;
export type RefundState = (typeof refundStates)[number];

/** Money on its way back. Instants are milliseconds since 1970. */
export type Refund = Readonly<{
  /** Unique for ever per merchant: the platform never refunds the same number twice (reference D.3). */
  outRefundNo: string;
  outTradeNo: string;
  /** As asked, 0 for all that was left. */
  askedFen: number;
  refundFen: number;
  reason: string;
  state: RefundState;
  /** The platform's number. */
  refundId: string | undefined;
  /** The platform's word or code, once something went wrong. */
  why: string | undefined;
  requestedAtMs: number;
  /** When the platform is asked for it at the earliest: refunds of one order keep a distance. */
  askAtMs: number;
  /** When the platform took it. */
  acceptedAtMs: number | undefined;
  succeededAtMs: number | undefined;
}>;

/** What `decideRefund` needs to know of an order. */
export type Refundable = { outTradeNo: string; state: string; paidFen: number; paidAtMs: number | undefined };

export type RefundRequest = { outTradeNo: string; outRefundNo: string; askedFen: number };

export type RefundRefusal = 'order_unknown' | 'not_paid' | 'too_much' | 'too_many' | 'too_late' | 'number_taken';

export type RefundOutcome =
  | { kind: 'taken'; refundFen: number }
  | { kind: 'refused'; reason: RefundRefusal; leftFen: number };

/** Per order (reference D.6). */
const REFUNDS_MAX = 50;
/** From the payment on (reference D.6). */
const REFUND_WITHIN_MS = 365 * 24 * 3_600_000;

/** Fen that are neither back nor on their way. */
export const leftOf = (paidFen: number, refunds: readonly Refund[]): number =>
  refunds.reduce((left, { state, refundFen }) => (state === 'closed' ? left : left - refundFen), paidFen);

/**
 * Whether money is given back. `known` is the refund that has this number already, of whatever order; `refunds` are all of the order.
 * An order on which nothing had to be paid can be given back once, for nothing: its coupon returns.
 */
export function decideRefund(
  order: Refundable | undefined,
  refunds: readonly Refund[],
  known: Refund | undefined,
  { outTradeNo, askedFen }: RefundRequest,
  nowMs: number,
): RefundOutcome {
  const leftFen = order === undefined ? 0 : leftOf(order.paidFen, refunds);
  const refuse = (reason: RefundRefusal): RefundOutcome => ({ kind: 'refused', reason, leftFen });
  if (known !== undefined) {
    const same = known.outTradeNo === outTradeNo && (known.askedFen === askedFen || known.refundFen === askedFen);
    return same ? { kind: 'taken', refundFen: known.refundFen } : refuse('number_taken');
  }
  if (order === undefined) return refuse('order_unknown');
  if (order.state !== 'paid' || order.paidAtMs === undefined) return refuse('not_paid');
  if (nowMs - order.paidAtMs > REFUND_WITHIN_MS) return refuse('too_late');
  const freeOfCharge = order.paidFen === 0 && refunds.length === 0;
  const refundFen = askedFen === 0 ? leftFen : askedFen;
  if (refundFen > leftFen || (refundFen === 0 && !freeOfCharge)) return refuse('too_much');
  if (refunds.length >= REFUNDS_MAX) return refuse('too_many');
  return { kind: 'taken', refundFen };
}

/** When to ask for one more refund of an order that has these. */
export const askAtOf = (refunds: readonly Refund[], nowMs: number, gapMs: number): number =>
  Math.max(nowMs, ...refunds.map(({ askAtMs }) => askAtMs + gapMs));

/** The platform's words; one not known here is a refund that is not at its end. */
const stateOf = (status: string): RefundState => {
  if (status === 'SUCCESS') return 'succeeded';
  if (status === 'CLOSED' || status === 'REFUNDCLOSE') return 'closed';
  return status === 'ABNORMAL' || status === 'CHANGE' ? 'abnormal' : 'processing';
};

/** What a status does to a refund in `state`: the state it moves to, nothing (late or repeated), or something that cannot be. */
export function advance(state: RefundState, status: string): RefundState | 'as it is' | 'contradiction' {
  const told = stateOf(status);
  if (state === told || state === 'succeeded') return 'as it is'; // a SUCCESS is never taken back
  if (state === 'closed') return told === 'succeeded' ? 'contradiction' : 'as it is';
  if (state === 'abnormal' && told === 'processing') return 'as it is'; // being mended: still nothing to rely on
  return told;
}
