import { expect, test } from '@jest/globals';
import { type Order, type OrderTerms, checkRepeat, closed, expiryOf, paid, payProblem, stateAt } from './order.ts';
import { PayRefusal } from './refusal.ts';

const now = Date.parse('2026-01-01T08:00:00+08:00');
const minute = 60_000;
const day = 86_400_000;

const terms: OrderTerms = {
  api: 'v3',
  outTradeNo: 'T20260101000001',
  appid: 'wx1',
  tradeType: 'JSAPI',
  description: '拿铁',
  attach: '',
  totalFen: 8800,
  notifyUrl: 'https://a.example/notify',
  openid: 'oPayer',
};
const order = (more: Partial<Order> = {}): Order => ({
  ...terms,
  createdAtMs: now,
  expiresAtMs: now + 15 * minute,
  signType: 'RSA',
  wantedSerial: '',
  state: 'NOTPAY',
  prepays: [],
  attempts: [],
  transactionId: null,
  paidAtMs: null,
  payer: null,
  couponFen: 0,
  bankType: '',
  ...more,
});
const paidOrder = paid(order(), { openid: 'oPayer', couponFen: 0, transactionId: '42' }, now + 999);

function causeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof PayRefusal ? error.why : 'another';
  }
}

test('a new order lives a week, or what is asked, at least a minute and at most ninety days', () => {
  expect(expiryOf(undefined, now)).toBe(now + 7 * day);
  expect(expiryOf(now + 5 * minute, now)).toBe(now + 5 * minute);
  expect(expiryOf(now + 1, now)).toBe(now + minute);
  expect(causeOf(() => expiryOf(now, now))).toBe('INVALID_REQUEST');
  expect(causeOf(() => expiryOf(now + 90 * day + 1, now))).toBe('INVALID_REQUEST');
});

test('past its time an order still reads NOTPAY and cannot be paid; after a week it is closed', () => {
  expect(payProblem(order(), 'oPayer', now + 15 * minute - 1)).toBeUndefined();
  expect(payProblem(order(), 'oPayer', now + 15 * minute)).toBe('订单已过期');
  expect(stateAt(order(), now + 7 * day - 1)).toBe('NOTPAY');
  expect(stateAt(order(), now + 7 * day)).toBe('CLOSED');
  expect(stateAt(order({ expiresAtMs: now + 30 * day }), now + 8 * day)).toBe('NOTPAY');
  expect(stateAt(paidOrder, now + 100 * day)).toBe('SUCCESS');
});

test('a repeat must say the same, but for its time', () => {
  expect(causeOf(() => checkRepeat(order(), terms, now + minute))).toBe('none');
  for (const other of [{ totalFen: 1 }, { openid: 'oOther' }, { attach: 'x' }, { api: 'v2' as const }])
    expect(causeOf(() => checkRepeat(order(), { ...terms, ...other }, now))).toBe('OTHER_PARAMETERS');
  expect(causeOf(() => checkRepeat(order(), terms, now + 15 * minute))).toBe('OUT_TRADE_NO_USED');
  expect(causeOf(() => checkRepeat(order({ state: 'CLOSED' }), terms, now))).toBe('ORDER_CLOSED');
  expect(causeOf(() => checkRepeat(paidOrder, terms, now))).toBe('ORDERPAID');
});

test('what is paid is not closed; what is closed may be closed again', () => {
  expect(closed(closed(order(), now), now).state).toBe('CLOSED');
  expect(causeOf(() => closed(paidOrder, now))).toBe('ORDERPAID');
  expect(causeOf(() => closed({ ...paidOrder, state: 'REFUND' }, now))).toBe('ORDERPAID');
});

test('only its payer pays a JSAPI order, anybody one that was scanned, and only once', () => {
  expect(payProblem(order(), 'oOther', now)).toBe('支付者与下单时的用户不一致');
  expect(payProblem(order({ openid: null }), 'oOther', now)).toBeUndefined();
  expect(payProblem(paidOrder, 'oPayer', now)).toBe('订单已支付');
  expect(payProblem(order({ state: 'CLOSED' }), 'oPayer', now)).toBe('订单已关闭');
});

test('the instant of payment is a whole second', () => {
  expect(paidOrder).toMatchObject({ state: 'SUCCESS', paidAtMs: now, payer: 'oPayer', transactionId: '42' });
});
