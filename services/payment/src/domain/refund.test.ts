import { expect, test } from '@jest/globals';
import { decideRefund } from './refund.ts';
import type { Refund } from './refund.ts';

const PAID_MS = Date.UTC(2026, 0, 5);
const YEAR_MS = 365 * 24 * 3_600_000;
const order = { outTradeNo: 'T1', state: 'paid', paidFen: 1000, paidAtMs: PAID_MS };

const refund = (outRefundNo: string, refundFen: number, differs: Partial<Refund> = {}): Refund => ({
  outRefundNo,
  outTradeNo: 'T1',
  askedFen: refundFen,
  refundFen,
  reason: '',
  state: 'requested',
  refundId: undefined,
  why: undefined,
  requestedAtMs: PAID_MS,
  askAtMs: PAID_MS,
  acceptedAtMs: undefined,
  succeededAtMs: undefined,
  ...differs,
});

const ask = (askedFen: number, refunds: Refund[] = [], nowMs = PAID_MS) =>
  decideRefund(order, refunds, undefined, { outTradeNo: 'T1', outRefundNo: 'R9', askedFen }, nowMs);

test('what is left can be given back: what is on its way or back is not left, what was closed is', () => {
  const refunds = [
    refund('R1', 300),
    refund('R2', 200, { state: 'succeeded' }),
    refund('R3', 500, { state: 'closed' }),
  ];
  expect(ask(0, refunds)).toEqual({ kind: 'taken', refundFen: 500 });
  expect(ask(500, refunds)).toEqual({ kind: 'taken', refundFen: 500 });
  expect(ask(501, refunds)).toEqual({ kind: 'refused', reason: 'too_much', leftFen: 500 });
  expect(ask(0, [...refunds, refund('R4', 500, { state: 'abnormal' })])).toMatchObject({
    reason: 'too_much',
    leftFen: 0,
  });
});

test('fifty refunds an order, within a year', () => {
  const fifty = Array.from({ length: 50 }, (_, n) => refund(`R${n}`, 1, { state: 'succeeded' }));
  expect(ask(1, fifty)).toMatchObject({ reason: 'too_many', leftFen: 950 });
  expect(ask(1, fifty.slice(1))).toMatchObject({ kind: 'taken' });
  expect(ask(1, [], PAID_MS + YEAR_MS)).toMatchObject({ kind: 'taken' });
  expect(ask(1, [], PAID_MS + YEAR_MS + 1)).toMatchObject({ reason: 'too_late' });
});

test('the same number again is the same refund; with other contents it is taken', () => {
  const known = refund('R9', 1000, { askedFen: 0, state: 'succeeded' });
  const again = (askedFen: number, outTradeNo = 'T1') =>
    decideRefund(order, [known], known, { outTradeNo, outRefundNo: 'R9', askedFen }, PAID_MS);
  expect(again(0)).toEqual({ kind: 'taken', refundFen: 1000 });
  expect(again(1000)).toEqual({ kind: 'taken', refundFen: 1000 });
  expect(again(999)).toMatchObject({ reason: 'number_taken' });
  expect(again(0, 'T2')).toMatchObject({ reason: 'number_taken' });
});

test('only a paid order can be refunded', () => {
  const request = { outTradeNo: 'T1', outRefundNo: 'R9', askedFen: 1 };
  expect(decideRefund(undefined, [], undefined, request, PAID_MS)).toMatchObject({ reason: 'order_unknown' });
  for (const state of ['locking', 'unpaid', 'closing', 'closed'])
    expect(
      decideRefund({ ...order, state, paidFen: 0, paidAtMs: undefined }, [], undefined, request, PAID_MS),
    ).toMatchObject({ reason: 'not_paid' });
});
