import type { Circumstances, Decision, Known } from '../src/domain/decide.ts';
import { decide } from '../src/domain/decide.ts';
import type { Happening } from '../src/domain/happening.ts';
import type { RefundTold, TransactionTold } from '../src/domain/notice.ts';
import type { NewOrder, Order } from '../src/domain/order.ts';
import type { Refund } from '../src/domain/refund.ts';

export const MCHID = '1900009999';
export const APPID = 'wx1';
export const NOW_MS = Date.UTC(2026, 0, 5, 4);
export const OUT_TRADE_NO = 'T20260105-1';
export const TRANSACTION_ID = '4200000001';

/** Of 88 yuan, to be paid within 15 minutes. */
export const said = (differs: Partial<NewOrder> = {}): NewOrder => ({
  outTradeNo: OUT_TRADE_NO,
  appid: APPID,
  openid: 'o1',
  basket: new Uint8Array(),
  description: '拿铁',
  couponCode: '',
  totalFen: 8800,
  payUntilMs: NOW_MS + 15 * 60_000,
  ...differs,
});

export const paymentTold = (differs: Partial<TransactionTold> = {}): TransactionTold => ({
  mchid: MCHID,
  appid: APPID,
  outTradeNo: OUT_TRADE_NO,
  transactionId: TRANSACTION_ID,
  tradeState: 'SUCCESS',
  totalFen: 8800,
  currency: 'CNY',
  successAtMs: NOW_MS + 1000,
  ...differs,
});

export const refundTold = (differs: Partial<RefundTold> = {}): RefundTold => ({
  mchid: MCHID,
  outTradeNo: OUT_TRADE_NO,
  transactionId: TRANSACTION_ID,
  outRefundNo: 'R1',
  refundId: '5030000001',
  status: 'SUCCESS',
  totalFen: 8800,
  refundFen: 3000,
  successAtMs: NOW_MS + 2000,
  ...differs,
});

/** One order in memory, and everything that was decided about it. */
export function history(couponCode = '') {
  const state = {
    order: undefined as Order | undefined,
    refunds: new Map<string, Refund>(),
    decisions: [] as Decision[],
  };
  const circumstances: Circumstances = {
    nowMs: NOW_MS,
    saidAtMs: NOW_MS,
    random: 0.5,
    ownMchid: MCHID,
    refundGapMs: 60_000,
    traceparent: undefined,
  };
  const happen = (happening: Happening, outRefundNo?: string, nowMs = circumstances.nowMs): Decision => {
    const known: Known = {
      outTradeNo: OUT_TRADE_NO,
      order: state.order,
      refunds: [...state.refunds.values()],
      refund: outRefundNo === undefined ? undefined : state.refunds.get(outRefundNo),
    };
    const decision = decide(known, happening, { ...circumstances, nowMs });
    state.order = decision.order ?? state.order;
    if (decision.refund !== undefined) state.refunds.set(decision.refund.outRefundNo, decision.refund);
    state.decisions.push(decision);
    return decision;
  };
  const to = {
    ...state,
    happen,
    order: () => state.order!,
    refund: (no: string) => state.refunds.get(no)!,
    all: <K extends 'facts' | 'coupon' | 'bookings' | 'incidents' | 'tasks'>(what: K): Decision[K] =>
      state.decisions.flatMap((decision): unknown[] => decision[what]) as Decision[K],
    created: () => {
      happen({ kind: 'create', order: said({ couponCode }) });
      return to;
    },
    locked: (discountFen = 2000) => {
      happen({ kind: 'coupon_locked', discountFen, lineFen: [discountFen] });
      return to;
    },
    prepared: () => {
      happen({ kind: 'prepared', prepayId: 'wx2026' });
      return to;
    },
    paid: (differs: Partial<TransactionTold> = {}) => {
      const totalFen = state.order?.payableFen ?? 8800;
      happen({ kind: 'transaction_told', told: paymentTold({ totalFen, ...differs }) });
      return to;
    },
    refundAsked: (outRefundNo: string, askedFen: number) => {
      happen({ kind: 'request_refund', outRefundNo, askedFen, reason: '' }, outRefundNo);
      return to;
    },
    refundTold: (differs: Partial<RefundTold> = {}, asked = false) => {
      const told = refundTold({ totalFen: state.order?.paidFen ?? 0, ...differs });
      happen({ kind: 'refund_told', told, asked }, told.outRefundNo);
      return to;
    },
  };
  return to;
}

/** A small generator of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
