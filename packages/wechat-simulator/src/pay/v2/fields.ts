import { type ParametersToSend, toCompact, toSpaced } from '@lingquan/wechat-pay';
import { type Order, stateAt } from '../rules/order.ts';
import { type Refund, type RefundState, cashPart } from '../rules/refund.ts';
import { stateTexts } from '../v3/resources.ts';

/** WeChat's own coupon in v2's numbered fields (reference A.6). */
const couponOf = ({ couponFen }: Order): ParametersToSend =>
  couponFen === 0
    ? {}
    : { coupon_fee: couponFen, coupon_count: 1, coupon_type_0: 'CASH', coupon_id_0: '109519', coupon_fee_0: couponFen };

/** What was paid, as notices and queries give it (reference A.6, A.7). */
export function paymentOf(order: Order): ParametersToSend {
  return {
    openid: order.payer ?? '',
    is_subscribe: 'Y',
    trade_type: order.tradeType,
    bank_type: order.bankType,
    total_fee: order.totalFen,
    settlement_total_fee: order.couponFen > 0 ? order.totalFen : undefined,
    fee_type: 'CNY',
    cash_fee: order.totalFen - order.couponFen,
    cash_fee_type: 'CNY',
    ...couponOf(order),
    transaction_id: order.transactionId ?? '',
    out_trade_no: order.outTradeNo,
    attach: order.attach,
    time_end: order.paidAtMs === null ? undefined : toCompact(order.paidAtMs),
  };
}

/** The answer of orderquery. */
export function queriedOrder(order: Order, now: number): ParametersToSend {
  const state = stateAt(order, now);
  const paid =
    order.paidAtMs === null ? { out_trade_no: order.outTradeNo, total_fee: order.totalFen } : paymentOf(order);
  return { ...paid, trade_state: state, trade_state_desc: stateTexts[state] };
}

/** The answer of a refund: that it was accepted (reference A.8). */
export function acceptedRefund(refund: Refund, order: Order): ParametersToSend {
  const cash = cashPart(order, refund.refundFen);
  return {
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_channel: 'ORIGINAL',
    refund_fee: refund.refundFen,
    settlement_refund_fee: refund.refundFen,
    total_fee: order.totalFen,
    settlement_total_fee: order.totalFen,
    fee_type: 'CNY',
    cash_fee: order.totalFen - order.couponFen,
    cash_refund_fee: cash,
    coupon_refund_fee: refund.refundFen - cash,
    coupon_refund_count: cash === refund.refundFen ? 0 : 1,
  };
}

export const refundStates: Readonly<Record<RefundState, string>> = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  CLOSED: 'REFUNDCLOSE',
  ABNORMAL: 'CHANGE',
};

const account = '支付用户的零钱';
const source = 'REFUND_SOURCE_UNSETTLED_FUNDS';
const successTime = ({ state, settledAtMs }: Refund): string | undefined =>
  state === 'SUCCESS' && settledAtMs !== null ? toSpaced(settledAtMs) : undefined;

/** The answer of refundquery: numbered from 0, with `recv_accout` misspelt as it is (reference A.8). At most 20 from `offset` on. */
export function queriedRefunds(order: Order, refunds: readonly Refund[], offset: number): ParametersToSend {
  const page = refunds.slice(offset, offset + 20);
  const fields: Record<string, string | number | undefined> = {
    transaction_id: order.transactionId ?? '',
    out_trade_no: order.outTradeNo,
    total_fee: order.totalFen,
    settlement_total_fee: order.totalFen,
    fee_type: 'CNY',
    cash_fee: order.totalFen - order.couponFen,
    total_refund_count: refunds.length,
    refund_count: page.length,
  };
  for (const [index, refund] of page.entries()) {
    fields[`out_refund_no_${index}`] = refund.outRefundNo;
    fields[`refund_id_${index}`] = refund.refundId;
    fields[`refund_channel_${index}`] = 'ORIGINAL';
    fields[`refund_fee_${index}`] = refund.refundFen;
    fields[`settlement_refund_fee_${index}`] = refund.refundFen;
    fields[`refund_status_${index}`] = refundStates[refund.state];
    fields[`refund_account_${index}`] = refund.fundsAccount || source;
    fields[`refund_recv_accout_${index}`] = account;
    fields[`refund_success_time_${index}`] = successTime(refund);
  }
  return fields;
}

/** What a refund notice seals (reference A.9). */
export function noticedRefund(refund: Refund, order: Order): Readonly<Record<string, string>> {
  return {
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    total_fee: String(order.totalFen),
    settlement_total_fee: String(order.totalFen),
    refund_fee: String(refund.refundFen),
    settlement_refund_fee: String(refund.refundFen),
    cash_refund_fee: String(cashPart(order, refund.refundFen)),
    refund_status: refundStates[refund.state],
    success_time: successTime(refund) ?? '',
    refund_recv_accout: account,
    refund_account: refund.fundsAccount || source,
    refund_request_source: 'API',
  };
}
