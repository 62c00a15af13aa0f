import { expect, test } from '@jest/globals';
import { compare } from './reconcile.ts';
import type { Line } from './reconcile.ts';

const pay = (outTradeNo: string, fen: number, transactionId = `4${outTradeNo}`): Line => ({
  kind: 'pay',
  outTradeNo,
  transactionId,
  outRefundNo: '',
  fen,
});
const back = (outTradeNo: string, outRefundNo: string, fen: number): Line => ({
  kind: 'refund',
  outTradeNo,
  transactionId: '',
  outRefundNo,
  fen,
});

test('a bill that says what is booked has no differences, also about orders of other days', () => {
  const ours = [pay('T1', 100), pay('T0', 900), back('T0', 'R1', 300), back('T0', 'R2', 600)];
  expect(compare([pay('T1', 100), back('T0', 'R1', 300), back('T0', 'R2', 600)], ours, [pay('T1', 100)])).toEqual({
    matched: 3,
    differences: [],
  });
});

test('each kind of difference is told, with both sums', () => {
  const bill = [pay('T1', 101), pay('T2', 200), pay('T3', 300, 'other'), back('T4', 'R4', 40), back('T5', 'R5', 51)];
  const ours = [pay('T1', 100), pay('T3', 300), back('T5', 'R5', 50)];
  expect(compare(bill, ours, [pay('T1', 100), pay('T6', 600), back('T7', 'R7', 70)])).toEqual({
    matched: 0,
    differences: [
      { kind: 'amount_differs', outTradeNo: 'T1', ours: 100, theirs: 101 },
      { kind: 'missing_here', outTradeNo: 'T2', ours: null, theirs: 200 },
      { kind: 'transaction_differs', outTradeNo: 'T3', ours: 300, theirs: 300 },
      { kind: 'refund_missing_here', outTradeNo: 'T4', outRefundNo: 'R4', ours: null, theirs: 40 },
      { kind: 'refund_amount_differs', outTradeNo: 'T5', outRefundNo: 'R5', ours: 50, theirs: 51 },
      { kind: 'missing_there', outTradeNo: 'T6', ours: 600, theirs: null },
      { kind: 'refund_missing_there', outTradeNo: 'T7', outRefundNo: 'R7', ours: 70, theirs: null },
    ],
  });
});
