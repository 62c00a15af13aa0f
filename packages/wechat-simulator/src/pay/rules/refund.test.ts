import { expect, test } from '@jest/globals';
import type { Order } from './order.ts';
import { PayRefusal } from './refusal.ts';
import {
  type Refund,
  type RefundTerms,
  cashPart,
  checkRefund,
  checkRefundRepeat,
  refunded,
  refundedOrPending,
  settled,
} from './refund.ts';

const now = Date.parse('2026-01-01T08:00:00+08:00');
const day = 86_400_000;

const order = (more: Partial<Order> = {}) =>
  ({ outTradeNo: 'T1', totalFen: 8800, couponFen: 0, paidAtMs: now, state: 'SUCCESS', ...more }) as Order;
const terms = (refundFen: number, more: Partial<RefundTerms> = {}): RefundTerms => ({
  api: 'v3',
  outRefundNo: 'R1',
  refundFen,
  totalFen: 8800,
  reason: '',
  notifyUrl: null,
  fundsAccount: '',
  ...more,
});
const refund = (refundFen: number, state: Refund['state']): Refund => ({
  ...terms(refundFen),
  refundId: '503',
  outTradeNo: 'T1',
  transactionId: '42',
  createdAtMs: now,
  state,
  settledAtMs: null,
  wantedSerial: '',
});

function causeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof PayRefusal ? error.why : 'another';
  }
}

test('what is on its way counts against the order, what was closed does not', () => {
  const refunds = [refund(3000, 'SUCCESS'), refund(800, 'PROCESSING'), refund(5000, 'CLOSED'), refund(200, 'ABNORMAL')];
  expect(refundedOrPending(refunds)).toBe(4000);
  expect(refunded(refunds)).toBe(3000);
  const ask = (fen: number) => causeOf(() => checkRefund(order(), refunds, terms(fen), now));
  expect([ask(4800), ask(4801)]).toEqual(['none', 'REFUND_REFUSED']);
});

test('nothing unpaid, of another total, older than a year or for the fifty-first time is refunded', () => {
  const ask = (paid: Order, refunds: Refund[], asked: RefundTerms, at = now) =>
    causeOf(() => checkRefund(paid, refunds, asked, at));
  expect(ask(order({ paidAtMs: null }), [], terms(1))).toBe('TRADE_STATE_ERROR');
  expect(ask(order(), [], terms(1, { totalFen: 8700 }))).toBe('REFUND_REFUSED');
  expect(ask(order(), [], terms(1), now + 365 * day)).toBe('none');
  expect(ask(order(), [], terms(1), now + 365 * day + 1)).toBe('TRADE_OVERDUE');
  const fifty = Array.from({ length: 50 }, () => refund(1, 'SUCCESS'));
  expect(ask(order(), fifty.slice(1), terms(1))).toBe('none');
  expect(ask(order(), fifty, terms(1))).toBe('REFUND_REFUSED');
  expect(ask(order(), [refund(8800, 'SUCCESS')], terms(1))).toBe('REFUND_REFUSED');
});

test('a number again must be about the same order and amounts', () => {
  const known = refund(3000, 'PROCESSING');
  expect(causeOf(() => checkRefundRepeat(known, 'T1', terms(3000)))).toBe('none');
  expect(causeOf(() => checkRefundRepeat(known, 'T1', terms(2999)))).toBe('REFUND_REFUSED');
  expect(causeOf(() => checkRefundRepeat(known, 'T2', terms(3000)))).toBe('REFUND_REFUSED');
});

test('success and closed are final; an abnormal refund may still succeed', () => {
  expect(settled(refund(1, 'SUCCESS'), 'closed', now)).toBeUndefined();
  expect(settled(refund(1, 'CLOSED'), 'success', now)).toBeUndefined();
  expect(settled(refund(1, 'ABNORMAL'), 'abnormal', now)).toBeUndefined();
  expect(settled(refund(1, 'ABNORMAL'), 'success', now + 999)).toMatchObject({ state: 'SUCCESS', settledAtMs: now });
  expect(settled(refund(1, 'PROCESSING'), 'abnormal', now)).toMatchObject({ state: 'ABNORMAL' });
});

test('a coupon of WeChat’s own takes its share of a refund, the parts add up', () => {
  const withCoupon = order({ couponFen: 100 });
  expect(cashPart(withCoupon, 8800)).toBe(8700);
  expect(cashPart(withCoupon, 3000)).toBe(2966);
  expect(cashPart(order(), 3000)).toBe(3000);
});
