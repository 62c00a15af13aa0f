import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { uuidOf } from '@lingquan/events';
import { PaymentEventSchema } from '@lingquan/events/payment.ts';
import { startPayments } from './payments.ts';
import type { PaymentFact } from './payments.ts';

type Fact = MessageInitShape<typeof PaymentEventSchema>['event'];

const fact = (n: number, outTradeNo: string, init: Fact): PaymentFact => ({
  id: uuidOf('test', String(n)),
  digest: String(n),
  outTradeNo,
  fact: create(PaymentEventSchema, { event: init! }).event,
  partition: 0,
  offset: n,
});
const paid = (n: number, outTradeNo = 'A') =>
  fact(n, outTradeNo, { case: 'orderPaid', value: { paidFen: 1000n, transactionId: 'T' } });
const back = (n: number, fen: bigint, whole: boolean) =>
  fact(n, 'A', { case: 'refundSucceeded', value: { refundFen: fen, whole } });

function told(...facts: PaymentFact[]) {
  const payments = startPayments();
  for (const one of facts) payments.take(one);
  return { found: payments.result().found, order: payments.orders.get('A'), again: payments.publishedAgain() };
}

test('an order that is paid and given back in parts is in order', () => {
  expect(told(paid(1), back(2, 400n, false), back(3, 600n, true))).toMatchObject({
    found: 0,
    order: { paidFen: 1000, transactionId: 'T', refundedFen: 1000, whole: true },
  });
});

test('a fact published again is counted and no fault; another under its id is one', () => {
  expect(told(paid(1), { ...paid(1), offset: 9 })).toMatchObject({ found: 0, again: 1 });
  expect(told(paid(1), { ...paid(1), digest: 'other', offset: 9 })).toMatchObject({ found: 1 });
});

test('a second payment, a refund of what was not paid and one after everything was back are found', () => {
  expect(told(paid(1), paid(2)).found).toBe(1);
  expect(told(back(1, 400n, false)).found).toBe(1);
  expect(told(paid(1), back(2, 1000n, true), back(3, 1n, false)).found).toBe(1);
});
