import { expect, test } from '@jest/globals';
import type { Order } from './client.ts';
import { leftOf, refusalOf } from './refund.ts';

const refund = (outRefundNo: string, refundFen: number, state: string): Order['refunds'][number] => ({
  outRefundNo,
  refundFen,
  state,
  reason: '',
  requestedAt: '',
  succeededAt: null,
});
const order = (more: Partial<Order>): Order => ({ state: 'paid', paidFen: 1000, refunds: [], ...more }) as Order;

test('what is on its way back is not left, what came to nothing is', () => {
  const refunds = [refund('a', 100, 'succeeded'), refund('b', 200, 'processing'), refund('c', 300, 'closed')];
  expect(leftOf({ paidFen: 1000, refunds })).toBe(700);
});

test('an order that is not paid, or has not that much left, is refused in words', () => {
  expect(refusalOf(order({}), 'n', undefined)).toBeUndefined();
  expect(refusalOf(order({}), 'n', 1000)).toBeUndefined();
  expect(refusalOf(order({ state: 'closed' }), 'n', undefined)).toContain('not paid');
  expect(refusalOf(order({}), 'n', 1001)).toContain('1000');
  expect(refusalOf(order({ refunds: [refund('a', 1000, 'requested')] }), 'n', undefined)).toContain('nothing is left');
});

test('an order for nothing can be given back, and the same refund asked for again', () => {
  expect(refusalOf(order({ paidFen: 0 }), 'n', undefined)).toBeUndefined();
  expect(refusalOf(order({ refunds: [refund('a', 1000, 'requested')] }), 'a', 1000)).toBeUndefined();
});
