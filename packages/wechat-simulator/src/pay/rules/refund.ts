import type { Api, Order } from './order.ts';
import { refuse } from './refusal.ts';
import { dayMs } from './times.ts';

export type RefundState = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';

export interface RefundTerms {
  readonly api: Api;
  readonly outRefundNo: string;
  readonly refundFen: number;
  readonly totalFen: number;
  readonly reason: string;
  readonly notifyUrl: string | null;
  /** AVAILABLE in v3, REFUND_SOURCE_… in v2; '' where nothing was said. */
  readonly fundsAccount: string;
}

export interface Refund extends RefundTerms {
  readonly refundId: string;
  readonly outTradeNo: string;
  readonly transactionId: string;
  readonly createdAtMs: number;
  readonly state: RefundState;
  readonly settledAtMs: number | null;
  /** The serial the request asked answers from. */
  readonly wantedSerial: string;
}

/** Reference D.6. */
const refundsMax = 50;
const windowMs = 365 * dayMs;

/** What of an order is refunded or on its way: closed refunds gave their part free again. */
export function refundedOrPending(refunds: readonly Refund[]): number {
  return refunds.reduce((sum, { state, refundFen }) => sum + (state === 'CLOSED' ? 0 : refundFen), 0);
}

/** What has reached the payer. */
export function refunded(refunds: readonly Refund[]): number {
  return refunds.reduce((sum, { state, refundFen }) => sum + (state === 'SUCCESS' ? refundFen : 0), 0);
}

/** Whether a paid order may be refunded so; refuses what the platform refuses (reference D.2, D.6). `refunds` are the order's. */
export function checkRefund(order: Order, refunds: readonly Refund[], terms: RefundTerms, now: number): void {
  if (order.paidAtMs === null) refuse('TRADE_STATE_ERROR', '订单未支付，不能退款');
  if (terms.totalFen !== order.totalFen) refuse('REFUND_REFUSED', '订单金额或退款金额与之前请求不一致，请核实后再试');
  if (now > order.paidAtMs + windowMs) refuse('TRADE_OVERDUE', '订单已经超过可退款的最大期限');
  if (refunds.length >= refundsMax) refuse('REFUND_REFUSED', '部分退款超过最大次数');
  const left = order.totalFen - refundedOrPending(refunds);
  if (left === 0) refuse('REFUND_REFUSED', '订单已全额退款');
  if (terms.refundFen > left) refuse('REFUND_REFUSED', '累计退款金额大于支付金额');
}

/** The number again: the same refund, or other amounts, which are refused (reference D.3). */
export function checkRefundRepeat(known: Refund, outTradeNo: string, terms: RefundTerms): void {
  if (known.outTradeNo !== outTradeNo || known.refundFen !== terms.refundFen || known.totalFen !== terms.totalFen)
    refuse('REFUND_REFUSED', '订单金额或退款金额与之前请求不一致，请核实后再试');
}

export type RefundOutcome = 'success' | 'abnormal' | 'closed';

/** The refund with its outcome; undefined when it has a final one (reference D.2: ABNORMAL may still become SUCCESS). */
export function settled(refund: Refund, outcome: RefundOutcome, now: number): Refund | undefined {
  if (refund.state === 'SUCCESS' || refund.state === 'CLOSED') return undefined;
  if (refund.state === 'ABNORMAL' && outcome === 'abnormal') return undefined;
  const state = ({ success: 'SUCCESS', abnormal: 'ABNORMAL', closed: 'CLOSED' } as const)[outcome];
  return { ...refund, state, settledAtMs: Math.floor(now / 1000) * 1000 };
}

/** How the cash of a refund and WeChat's own coupon share it: in proportion, the rest to cash; together they are `refundFen`. */
export function cashPart(order: Order, refundFen: number): number {
  const coupon = Math.floor((order.couponFen * refundFen) / order.totalFen);
  return refundFen - coupon;
}
