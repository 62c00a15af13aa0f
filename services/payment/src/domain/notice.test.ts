import { expect, test } from '@jest/globals';
import { TRANSACTION_ID, history, paymentTold, refundTold, MCHID } from '../../test/domain.ts';
import { judgeRefund, judgeTransaction } from './notice.ts';
import type { TransactionTold } from './notice.ts';

const orders = {
  unknown: () => undefined,
  locking: () => history('C1').created().order(),
  unpaid: () => history().created().prepared().order(),
  closing: () => {
    const one = history().created().prepared();
    one.happen({ kind: 'cancel' });
    return one.order();
  },
  closed: () => {
    const one = history().created().prepared();
    one.happen({ kind: 'cancel' });
    one.happen({ kind: 'close_answered', done: true, told: undefined, attempts: 1 });
    return one.order();
  },
  paid: () => history().created().prepared().paid().order(),
  'paid by coupon': () => history('C1').created().locked(8800).order(),
};

const right = {};
const verdictOf = (state: keyof typeof orders, differs: Partial<TransactionTold>) => {
  const verdict = judgeTransaction(orders[state](), paymentTold(differs), MCHID);
  return verdict.kind === 'incident' ? verdict.incident.kind : verdict.kind;
};

test.each<[keyof typeof orders, Partial<TransactionTold>, string]>([
  ['unpaid', right, 'paid'],
  ['closing', right, 'paid'],
  ['closed', right, 'paid'],
  ['paid', right, 'repeat'],
  ['unpaid', { tradeState: 'REFUND' }, 'paid'],
  ['paid', { tradeState: 'REFUND' }, 'repeat'],
  ['unknown', right, 'order_unknown'],
  ['locking', right, 'amount_differs'],
  ['paid by coupon', right, 'amount_differs'],
  ['unpaid', { totalFen: 1 }, 'amount_differs'],
  ['closed', { totalFen: 8801 }, 'amount_differs'],
  ['unpaid', { currency: 'USD' }, 'amount_differs'],
  ['unpaid', { currency: '' }, 'amount_differs'],
  ['paid', { totalFen: 1 }, 'amount_differs'],
  ['unpaid', { mchid: '1900000001' }, 'foreign_merchant'],
  ['unknown', { mchid: '1900000001' }, 'foreign_merchant'],
  ['unpaid', { appid: 'wx2' }, 'foreign_appid'],
  ['paid', { transactionId: '2' }, 'second_transaction'],
  ['unpaid', { tradeState: 'NOTPAY', totalFen: 0, currency: '' }, 'open'],
  ['unpaid', { tradeState: 'USERPAYING' }, 'open'],
  ['unpaid', { tradeState: 'A_WORD_OF_TOMORROW' }, 'open'],
  ['unpaid', { tradeState: 'CLOSED', totalFen: 0 }, 'closed'],
  ['unpaid', { tradeState: 'REVOKED' }, 'closed'],
  ['unpaid', { tradeState: 'PAYERROR' }, 'closed'],
])('an order that is %s, told %j: %s', (state, differs, verdict) => {
  expect(verdictOf(state, differs)).toBe(verdict);
});

test('a payment that another order has is not taken for this one', () => {
  const judge = (heldBy?: string) => judgeTransaction(orders.unpaid(), paymentTold(), MCHID, heldBy);
  expect(judge('T-another')).toMatchObject({
    incident: { kind: 'transaction_taken', evidence: { heldBy: 'T-another' } },
  });
  expect(judge(paymentTold().outTradeNo).kind).toBe('paid');
});

test('evidence names numbers and no follower', () => {
  const verdict = judgeTransaction(orders.unpaid(), paymentTold({ totalFen: 1 }), MCHID);
  expect(verdict).toEqual({
    kind: 'incident',
    incident: expect.objectContaining({
      of: TRANSACTION_ID,
      evidence: {
        transactionId: TRANSACTION_ID,
        tradeState: 'SUCCESS',
        totalFen: 1,
        currency: 'CNY',
        payableFen: 8800,
      },
    }),
  });
});

test.each([
  [{}, 'succeeded'],
  [{ status: 'PROCESSING' }, 'processing'],
  [{ status: 'CLOSED' }, 'closed'],
  [{ status: 'ABNORMAL' }, 'abnormal'],
  [{ status: 'A_WORD_OF_TOMORROW' }, 'processing'],
  [{ transactionId: '' }, 'succeeded'],
  [{ refundFen: 3001 }, 'refund_differs'],
  [{ totalFen: 3000 }, 'refund_differs'],
  [{ transactionId: '2' }, 'refund_differs'],
  [{ outTradeNo: 'T-another' }, 'refund_differs'],
  [{ mchid: '1' }, 'foreign_merchant'],
])('a refund of ours, told %j: %s', (differs, verdict) => {
  const one = history().created().prepared().paid().refundAsked('R1', 3000);
  const judged = judgeRefund(one.order(), one.refund('R1'), refundTold(differs), MCHID);
  const word = judged.kind === 'incident' ? judged.incident.kind : judged.kind === 'moves' ? judged.to : judged.kind;
  expect(word).toBe(verdict);
});

test('a refund that was closed and now succeeds cannot be; of an unknown order or number it is not ours', () => {
  const one = history().created().prepared().paid().refundAsked('R1', 3000).refundTold({ status: 'CLOSED' });
  expect(judgeRefund(one.order(), one.refund('R1'), refundTold(), MCHID)).toMatchObject({
    incident: { kind: 'refund_differs', evidence: { ourState: 'closed' } },
  });
  expect(judgeRefund(one.order(), one.refund('R1'), refundTold({ status: 'ABNORMAL' }), MCHID).kind).toBe('repeat');
  expect(judgeRefund(undefined, undefined, refundTold(), MCHID)).toMatchObject({ incident: { kind: 'order_unknown' } });
  expect(judgeRefund(one.order(), undefined, refundTold(), MCHID).kind).toBe('not ours');
});
