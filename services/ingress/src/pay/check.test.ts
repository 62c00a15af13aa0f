import { expect, test } from '@jest/globals';
import type { Refund, Transaction } from '@lingquan/wechat-pay';
import { wrongRefund, wrongTransaction } from './check.ts';

const mchid = '1900009999';
const transaction: Transaction = {
  mchid,
  appid: 'wx1',
  openid: 'o-1',
  outTradeNo: 'T20260101000001',
  transactionId: '4200002026010100000000000001',
  tradeType: 'JSAPI',
  tradeState: 'SUCCESS',
  totalFen: 8800,
  payerTotalFen: 8800,
  currency: 'CNY',
  successTimeMs: undefined,
  attach: '',
};
const refund: Refund = {
  mchid,
  outTradeNo: 'T20260101000001',
  transactionId: '4200002026010100000000000001',
  outRefundNo: 'R1',
  refundId: '5030',
  status: 'SUCCESS',
  totalFen: 8800,
  refundFen: 1,
  payerRefundFen: 1,
  successTimeMs: undefined,
};

test.each([[8800], ['8800'], [0]])('an amount of %j is one', (total) => {
  expect(wrongTransaction(transaction, [total], mchid)).toBeUndefined();
  expect(wrongRefund(refund, [total, total], mchid)).toBeUndefined();
});

test.each([[undefined], [null], [''], [-1], [88.5], ['88.00'], ['-1'], ['1e3'], [Number.NaN], [2 ** 60], [{}], [[88]]])(
  'an amount of %j is none',
  (total) => {
    expect(wrongTransaction(transaction, [total], mchid)).toBe('an amount is missing or is none');
    expect(wrongRefund(refund, [8800, total], mchid)).toBe('an amount is missing or is none');
  },
);

test.each([
  [{ mchid: '1900000000' }, 'it is for another merchant'],
  [{ mchid: '' }, 'it is for another merchant'],
  [{ outTradeNo: '' }, 'a number or the state is missing'],
  [{ outTradeNo: 'T2026\r\nx: y' }, 'a number or the state is missing'],
  [{ transactionId: '' }, 'a number or the state is missing'],
  [{ tradeState: '' }, 'a number or the state is missing'],
  [{ currency: 'USD' }, 'the currency is not CNY'],
])('a payment with %j is refused: %s', (changes, why) => {
  expect(wrongTransaction({ ...transaction, ...changes }, [1], mchid)).toBe(why);
});

test.each([
  [{ mchid: 'x' }, 'it is for another merchant'],
  [{ outRefundNo: '' }, 'a number or the state is missing'],
  [{ refundId: '' }, 'a number or the state is missing'],
  [{ status: '' }, 'a number or the state is missing'],
])('a refund with %j is refused: %s', (changes, why) => {
  expect(wrongRefund({ ...refund, ...changes }, [1, 1], mchid)).toBe(why);
});
