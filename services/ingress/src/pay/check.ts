import { isOutRefundNo, isOutTradeNo } from '@lingquan/wechat-pay';
import type { Refund, Transaction } from '@lingquan/wechat-pay';

/**
 * What is wrong with a notice although it is rightly signed, or undefined. Only its shape and that it is this merchant's: whether
 * it fits an order is payment's to say (reference D.5). `amounts` are as they came, since an absent one must not count as 0.
 */
export function wrongTransaction(
  transaction: Transaction,
  amounts: readonly unknown[],
  mchid: string,
): string | undefined {
  const { outTradeNo, transactionId, tradeState, currency } = transaction;
  if (transaction.mchid !== mchid) return NOT_OURS;
  if (!isOutTradeNo(outTradeNo) || !isId(transactionId) || tradeState === '') return 'a number or the state is missing';
  if (currency !== 'CNY' && currency !== '') return 'the currency is not CNY';
  return amounts.every(isFen) ? undefined : NO_AMOUNT;
}

/** As `wrongTransaction`, for a refund; it has no currency. */
export function wrongRefund(refund: Refund, amounts: readonly unknown[], mchid: string): string | undefined {
  const { outTradeNo, outRefundNo, refundId, status } = refund;
  if (refund.mchid !== mchid) return NOT_OURS;
  if (!isOutTradeNo(outTradeNo) || !isOutRefundNo(outRefundNo) || !isId(refundId) || status === '')
    return 'a number or the state is missing';
  return amounts.every(isFen) ? undefined : NO_AMOUNT;
}

const NOT_OURS = 'it is for another merchant';
const NO_AMOUNT = 'an amount is missing or is none';

const isId = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

/** A number in v3, digits in v2: fen, whole, not negative. */
const isFen = (amount: unknown): boolean =>
  typeof amount === 'number'
    ? Number.isSafeInteger(amount) && amount >= 0
    : typeof amount === 'string' && /^\d{1,15}$/.test(amount);
