import type { Refund, Transaction } from '../model.ts';
import { fenOf } from '../money.ts';
import { fromRfc3339 } from '../time.ts';
import { objectIn, textIn, type Json } from './json.ts';

/**
 * An order as a v3 notification or query gives it (reference B.5, B.9).
 * @throws AppError `invalid` when an amount or a time is none
 */
export function readTransaction(json: Json): Transaction {
  const amount = objectIn(json, 'amount');
  const totalFen = fenOf(amount['total']);
  return {
    mchid: textIn(json, 'mchid'),
    appid: textIn(json, 'appid'),
    openid: textIn(objectIn(json, 'payer'), 'openid'),
    outTradeNo: textIn(json, 'out_trade_no'),
    transactionId: textIn(json, 'transaction_id'),
    tradeType: textIn(json, 'trade_type'),
    tradeState: textIn(json, 'trade_state'),
    totalFen,
    payerTotalFen: amount['payer_total'] === undefined ? totalFen : fenOf(amount['payer_total']),
    currency: textIn(amount, 'currency'),
    successTimeMs: timeIn(json, 'success_time'),
    attach: textIn(json, 'attach'),
  };
}

/**
 * A refund as a v3 notification (`refund_status`) or answer (`status`) gives it (reference B.5, B.11).
 * @throws AppError `invalid` when an amount or a time is none
 */
export function readRefund(json: Json): Refund {
  const amount = objectIn(json, 'amount');
  return {
    mchid: textIn(json, 'mchid'),
    outTradeNo: textIn(json, 'out_trade_no'),
    transactionId: textIn(json, 'transaction_id'),
    outRefundNo: textIn(json, 'out_refund_no'),
    refundId: textIn(json, 'refund_id'),
    status: textIn(json, 'refund_status') || textIn(json, 'status'),
    totalFen: fenOf(amount['total']),
    refundFen: fenOf(amount['refund']),
    payerRefundFen: fenOf(amount['payer_refund']),
    successTimeMs: timeIn(json, 'success_time'),
  };
}

function timeIn(json: Json, name: string): number | undefined {
  const text = textIn(json, name);
  return text === '' ? undefined : fromRfc3339(text);
}
