/** Forward only; states may be skipped. A closed order can still turn out paid: money that came is never dropped (reference D.4). */
export const orderStates = ['locking', 'unpaid', 'closing', 'closed', 'paid'] as const;
export type OrderState = (typeof orderStates)[number];

/**
 * How far the order's coupon is, as payment knows it: what was asked for (`…ing`), and what the issuer answered. `gone`: the order was
 * paid, but the coupon was used or lost meanwhile. `returned_expired`: it came back, but its time was over.
 */
export type CouponState =
  | 'none'
  | 'locking'
  | 'locked'
  | 'refused'
  | 'redeeming'
  | 'redeemed'
  | 'gone'
  | 'releasing'
  | 'released'
  | 'returning'
  | 'returned'
  | 'returned_expired';

export type CloseCause = 'time_out' | 'cancelled' | 'coupon' | 'platform';

/** What a follower ordered, as the command says it. Money is fen, instants are milliseconds since 1970. */
export type NewOrder = Readonly<{
  /** Unique for ever per merchant. */
  outTradeNo: string;
  appid: string;
  openid: string;
  /** lingquan.coupon.v1.Basket, not looked into here. */
  basket: Uint8Array;
  description: string;
  /** Empty: without a coupon. */
  couponCode: string;
  totalFen: number;
  payUntilMs: number;
}>;

export type Order = NewOrder &
  Readonly<{
    state: OrderState;
    couponState: CouponState;
    discountFen: number;
    /** What the coupon takes off each line; undefined until it is locked (and not known of some old orders). */
    lineFen: readonly number[] | undefined;
    /** Undefined until the coupon is locked: what is to be paid depends on it. */
    payableFen: number | undefined;
    paidFen: number;
    /** Refunds that succeeded. */
    refundedFen: number;
    createdAtMs: number;
    prepayId: string | undefined;
    preparedAtMs: number | undefined;
    /** Undefined also on an order that came to nothing to pay. */
    transactionId: string | undefined;
    paidAtMs: number | undefined;
    closeCause: CloseCause | undefined;
    /** With the cause `platform`: its code. */
    platformCode: string | undefined;
    /** With the cause `coupon`: lingquan.coupon.v1.Unusable, not looked into here. */
    unusable: Uint8Array | undefined;
    traceparent: string | undefined;
  }>;

/**
 * Whether this is the same order said again (reference D.3: the same number with other contents is an error). Until when it can be paid
 * is not looked at: who says it again a minute later would mean a minute more, and the first word counts.
 */
export const isSameOrder = (a: NewOrder, b: NewOrder): boolean =>
  a.appid === b.appid &&
  a.openid === b.openid &&
  a.couponCode === b.couponCode &&
  a.description === b.description &&
  a.totalFen === b.totalFen &&
  Buffer.compare(a.basket, b.basket) === 0;

/** Such an order before anything was done about it. */
export const newOrder = (said: NewOrder, createdAtMs: number, traceparent: string | undefined): Order => ({
  ...said,
  state: 'locking',
  couponState: 'none',
  discountFen: 0,
  lineFen: undefined,
  payableFen: undefined,
  paidFen: 0,
  refundedFen: 0,
  createdAtMs,
  prepayId: undefined,
  preparedAtMs: undefined,
  transactionId: undefined,
  paidAtMs: undefined,
  closeCause: undefined,
  platformCode: undefined,
  unusable: undefined,
  traceparent,
});

/** What whoever ordered is told. */
export type OrderOutcome =
  | { kind: 'ready'; totalFen: number; discountFen: number; payableFen: number }
  | {
      kind: 'refused';
      reason: 'coupon' | 'number_taken' | 'platform' | 'closed';
      unusable?: Uint8Array | undefined;
      platformCode?: string | undefined;
    };

/** The answer to the order as it stands, or undefined while it is neither ready nor refused. */
export function outcomeOf(order: Order): OrderOutcome | undefined {
  const { state, closeCause, totalFen, discountFen, payableFen } = order;
  if (state === 'paid' || (state === 'unpaid' && order.prepayId !== undefined))
    return { kind: 'ready', totalFen, discountFen, payableFen: payableFen ?? 0 };
  if (state !== 'closed') return undefined;
  if (closeCause === 'coupon') return { kind: 'refused', reason: 'coupon', unusable: order.unusable };
  if (closeCause === 'platform') return { kind: 'refused', reason: 'platform', platformCode: order.platformCode };
  return { kind: 'refused', reason: 'closed' };
}

/** A prepay_id lives two hours (reference B.7); some minutes before that a new one is asked for. */
const PREPAY_LIFE_MS = 110 * 60_000;

/** Whether the payer can be given parameters to pay with now. */
export function isPayable(order: Order, nowMs: number): 'yes' | 'prepare_again' | 'no' {
  if (order.state !== 'unpaid' || order.preparedAtMs === undefined || nowMs >= order.payUntilMs) return 'no';
  return nowMs - order.preparedAtMs < PREPAY_LIFE_MS ? 'yes' : 'prepare_again';
}
