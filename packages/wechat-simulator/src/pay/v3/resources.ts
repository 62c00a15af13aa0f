import { type Json, toRfc3339 } from '@lingquan/wechat-pay';
import { type Order, type TradeState, stateAt } from '../rules/order.ts';
import { type Refund, cashPart } from '../rules/refund.ts';

export const stateTexts: Readonly<Record<TradeState, string>> = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
};

/** A coupon of WeChat's own, paid for by WeChat (reference B.5). */
const promotionOf = ({ couponFen }: Order) => ({
  coupon_id: '109519',
  name: '微信支付立减',
  scope: 'GLOBAL',
  type: 'CASH',
  amount: couponFen,
  stock_id: '931386',
  wechatpay_contribute: couponFen,
  merchant_contribute: 0,
  other_contribute: 0,
  currency: 'CNY',
});

/** An order as queries and notices give it (reference B.5, B.9); unpaid ones say little, and `attach` comes back once paid. */
export function transactionOf(order: Order, mchid: string, now: number): Json {
  const { appid, outTradeNo, tradeType, totalFen, couponFen } = order;
  const state = stateAt(order, now);
  const common = {
    appid,
    mchid,
    out_trade_no: outTradeNo,
    trade_state: state,
    trade_state_desc: stateTexts[state],
  };
  if (order.paidAtMs === null) return { ...common, amount: { total: totalFen, currency: 'CNY' } };
  return {
    ...common,
    transaction_id: order.transactionId,
    trade_type: tradeType,
    bank_type: order.bankType,
    attach: order.attach,
    success_time: toRfc3339(order.paidAtMs),
    payer: { openid: order.payer },
    amount: { total: totalFen, payer_total: totalFen - couponFen, currency: 'CNY', payer_currency: 'CNY' },
    promotion_detail: couponFen > 0 ? [promotionOf(order)] : [],
  };
}

const account = '支付用户零钱';

/** A refund as answers give it (reference B.11). */
export function refundOf(refund: Refund, order: Order): Json {
  const cash = cashPart(order, refund.refundFen);
  const payerTotal = order.totalFen - order.couponFen;
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: account,
    ...successTimeOf(refund),
    create_time: toRfc3339(refund.createdAtMs),
    status: refund.state,
    funds_account: refund.fundsAccount === 'AVAILABLE' ? 'AVAILABLE' : 'UNSETTLED',
    amount: {
      total: order.totalFen,
      refund: refund.refundFen,
      from: [],
      payer_total: payerTotal,
      payer_refund: cash,
      settlement_refund: refund.refundFen,
      settlement_total: order.totalFen,
      discount_refund: refund.refundFen - cash,
      currency: 'CNY',
      refund_fee: 0,
    },
    promotion_detail: [],
  };
}

/** A refund as notices give it: `refund_status`, and no appid (reference B.5). */
export function noticedRefundOf(refund: Refund, order: Order, mchid: string): Json {
  return {
    mchid,
    out_trade_no: refund.outTradeNo,
    transaction_id: refund.transactionId,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_status: refund.state,
    ...successTimeOf(refund),
    user_received_account: account,
    amount: {
      total: order.totalFen,
      refund: refund.refundFen,
      payer_total: order.totalFen - order.couponFen,
      payer_refund: cashPart(order, refund.refundFen),
    },
  };
}

const successTimeOf = ({ state, settledAtMs }: Refund) =>
  state === 'SUCCESS' && settledAtMs !== null ? { success_time: toRfc3339(settledAtMs) } : {};
