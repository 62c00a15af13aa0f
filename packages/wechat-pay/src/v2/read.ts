import type { Refund, Transaction } from '../model.ts';
import { fenOf } from '../money.ts';
import { fromBeijing } from '../time.ts';
import type { Parameters } from './sign.ts';

/**
 * An order as a v2 notice or query gives it (reference A.6, A.7). A notice has no trade_state: its result_code says it was paid.
 * @throws AppError `invalid` when an amount or a time is none
 */
export function readTransactionV2(fields: Parameters): Transaction {
  const paid = fields['result_code'] === 'SUCCESS' ? 'SUCCESS' : 'PAYERROR';
  const totalFen = fenOf(fields['total_fee']);
  return {
    mchid: fields['mch_id'] ?? '',
    appid: fields['appid'] ?? '',
    openid: fields['openid'] ?? '',
    outTradeNo: fields['out_trade_no'] ?? '',
    transactionId: fields['transaction_id'] ?? '',
    tradeType: fields['trade_type'] ?? '',
    tradeState: fields['trade_state'] || paid,
    totalFen,
    payerTotalFen: fields['cash_fee'] === undefined ? totalFen : fenOf(fields['cash_fee']),
    currency: fields['fee_type'] || 'CNY',
    successTimeMs: timeOf(fields['time_end']),
    attach: fields['attach'] ?? '',
  };
}

/** A refund as a v2 notice seals it, or as the answer to a refund says it (reference A.8, A.9). */
export function readRefundV2(fields: Parameters): Refund {
  return {
    mchid: fields['mch_id'] ?? '',
    outTradeNo: fields['out_trade_no'] ?? '',
    transactionId: fields['transaction_id'] ?? '',
    outRefundNo: fields['out_refund_no'] ?? '',
    refundId: fields['refund_id'] ?? '',
    // An accepted request has none: it is on its way.
    status: refundStatusOf(fields['refund_status'] ?? 'PROCESSING'),
    totalFen: fenOf(fields['total_fee']),
    refundFen: fenOf(fields['refund_fee']),
    payerRefundFen: fenOf(fields['cash_refund_fee'] ?? fields['settlement_refund_fee'] ?? fields['refund_fee']),
    successTimeMs: timeOf(fields['success_time'] ?? fields['refund_success_time']),
  };
}

/** The refunds in an answer of refundquery: their fields end in `_0`, `_1`, … (reference A.8). */
export function readRefundsV2(fields: Parameters): Refund[] {
  const refunds: Refund[] = [];
  const names = Object.keys(fields);
  for (let index = 0; fields[`out_refund_no_${index}`] !== undefined; index++) {
    const suffix = `_${index}`;
    const own = names
      .filter((name) => name.endsWith(suffix) && !/_\d+$/.test(name.slice(0, -suffix.length)))
      .map((name) => [name.slice(0, -suffix.length), fields[name]]);
    const { mch_id, out_trade_no, transaction_id, total_fee } = fields;
    const common = Object.entries({ mch_id, out_trade_no, transaction_id, total_fee }).filter(([, value]) => value);
    refunds.push(readRefundV2(Object.fromEntries([...common, ...own]) as Parameters));
  }
  return refunds;
}

const statuses: Readonly<Record<string, string>> = { REFUNDCLOSE: 'CLOSED', CHANGE: 'ABNORMAL' };

/** v2's word for a refund's state in v3's (reference D.2). */
export const refundStatusOf = (word: string): string => statuses[word] ?? word;

const timeOf = (text: string | undefined): number | undefined =>
  text === undefined || text === '' ? undefined : fromBeijing(text);
