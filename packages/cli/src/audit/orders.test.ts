import { expect, test } from '@jest/globals';
import { claim, ledgerOf, locked, redeemed, returned } from '../../test/planted.ts';
import type { AuditEvent } from './event.ts';
import { checkMoney, checkOrders, checkUses } from './orders.ts';
import type { PaymentBooks } from './orders.ts';
import type { OrderRow } from './payment-store.ts';
import type { ToldOrder } from './payments.ts';
import { checkPlatform } from './platform.ts';
import type { PlatformOrder } from './platform.ts';

const order = (more: Partial<OrderRow> = {}): OrderRow => ({
  outTradeNo: 'A',
  state: 'paid',
  couponCode: 'CODE-1',
  couponState: 'redeemed',
  discountFen: 500,
  paidFen: 1000,
  refundedFen: 0,
  transactionId: 'T',
  ...more,
});

function books(orders: OrderRow[], more: Partial<PaymentBooks> = {}): PaymentBooks {
  return {
    orders: new Map(orders.map((one) => [one.outTradeNo, one])),
    incidents: [],
    unbalanced: [],
    ledger: { transactions: orders.length, sumFen: 0 },
    held: orders.map(({ outTradeNo, paidFen, refundedFen }) => ({ outTradeNo, heldFen: paidFen - refundedFen })),
    ...more,
  };
}

const told = (more: Partial<ToldOrder> = {}): ToldOrder => ({
  paidFen: 1000,
  transactionId: 'T',
  refundedFen: 0,
  whole: false,
  place: 0,
  ...more,
});
const ordersFound = (row: OrderRow, one?: ToldOrder) =>
  checkOrders(books([row]), new Map(one === undefined ? [] : [['A', one]])).found;

test('orders that are as they were told are in order', () => {
  expect(ordersFound(order(), told())).toBe(0);
  expect(ordersFound(order({ state: 'closed', paidFen: 0, transactionId: '' }))).toBe(0);
  expect(ordersFound(order({ refundedFen: 1000 }), told({ refundedFen: 1000, whole: true }))).toBe(0);
});

test('a payment nobody told of, one that is not kept and other amounts are found', () => {
  expect(ordersFound(order())).toBe(1);
  expect(ordersFound(order({ state: 'closed', paidFen: 0 }), told())).toBe(1);
  expect(ordersFound(order(), told({ paidFen: 999 }))).toBe(1);
  expect(ordersFound(order(), told({ transactionId: 'U' }))).toBe(1);
  expect(ordersFound(order({ refundedFen: 300 }), told())).toBe(1);
  expect(ordersFound(order({ refundedFen: 1200 }), told({ refundedFen: 1200 }))).toBe(1);
  expect(ordersFound(order({ refundedFen: 900 }), told({ refundedFen: 900, whole: true }))).toBe(1);
  expect(checkOrders(books([]), new Map([['A', told()]])).found).toBe(1);
});

test('a ledger in balance is in order; one that is not, or says something else than the orders, is found', () => {
  expect(checkMoney(books([order()])).found).toBe(0);
  expect(checkMoney(books([order()], { ledger: { transactions: 1, sumFen: 1 } })).found).toBe(1);
  expect(checkMoney(books([order()], { unbalanced: [{ id: 'x', fen: 5 }] })).found).toBe(1);
  expect(checkMoney(books([order()], { held: [] })).found).toBe(1);
  expect(checkMoney(books([order({ refundedFen: 400 })], { held: [{ outTradeNo: 'A', heldFen: 1000 }] })).found).toBe(
    1,
  );
  const unknown = [
    { outTradeNo: 'A', heldFen: 1000 },
    { outTradeNo: 'B', heldFen: 7 },
  ];
  expect(checkMoney(books([order()], { held: unknown })).found).toBe(1);
});

const used = [claim(1), locked(1, 2, 'A'), redeemed(1, 3, 'A')];

function usesFound(events: AuditEvent[], paid: PaymentBooks) {
  const results = checkUses(paid, ledgerOf(...events).lives);
  return Object.fromEntries(results.map(({ id, found }) => [id, found]));
}

test('a coupon used by the order that was paid, and one used at a till, are in order', () => {
  expect(usesFound(used, books([order()]))).toEqual({ uses: 0, returns: 0 });
  expect(usesFound([claim(1), redeemed(1, 2)], books([]))).toEqual({ uses: 0, returns: 0 });
});

test('a redemption without its paid order, or for an order with another coupon, is found', () => {
  expect(usesFound(used, books([]))).toMatchObject({ uses: 1 });
  expect(usesFound(used, books([order({ state: 'closed', paidFen: 0 })]))).toMatchObject({ uses: 1 });
  expect(usesFound(used, books([order({ couponCode: 'CODE-2' })]))).toMatchObject({ uses: 1 });
});

test('a paid order whose coupon was not redeemed is found, unless a person was called', () => {
  expect(usesFound([claim(1)], books([order()]))).toMatchObject({ uses: 1 });
  const incidents = [{ kind: 'coupon_gone', outTradeNo: 'A' }];
  expect(usesFound([claim(1)], books([order()], { incidents }))).toEqual({ uses: 0, returns: 0 });
});

test('a coupon still held for an order that is over is found', () => {
  const held = used.slice(0, 2);
  expect(usesFound(held, books([order({ state: 'unpaid', paidFen: 0 })]))).toMatchObject({ uses: 0 });
  expect(usesFound(held, books([order({ state: 'closed', paidFen: 0 })]))).toMatchObject({ uses: 1 });
  expect(usesFound(held, books([]))).toMatchObject({ uses: 1 });
});

test('a coupon comes back with the whole money, not before, and not without it', () => {
  const back = [...used, returned(1, 4, 'A')];
  expect(usesFound(back, books([order({ refundedFen: 1000, couponState: 'returned' })]))).toMatchObject({ returns: 0 });
  expect(usesFound(back, books([order({ refundedFen: 900 })]))).toMatchObject({ returns: 1 });
  expect(usesFound(used, books([order({ refundedFen: 1000 })]))).toMatchObject({ returns: 1 });
  const incidents = [{ kind: 'coupon_not_returned', outTradeNo: 'A' }];
  expect(usesFound(used, books([order({ refundedFen: 1000 })], { incidents }))).toMatchObject({ returns: 0 });
});

const there = (more: Partial<PlatformOrder> = {}): PlatformOrder => ({
  outTradeNo: 'A',
  transactionId: 'T',
  totalFen: 1000,
  refundedFen: 0,
  state: 'SUCCESS',
  ...more,
});
const platformFound = (platform: PlatformOrder[], paid: PaymentBooks) => checkPlatform(platform, paid).found;

test('what is paid at the platform is paid here, for the same money', () => {
  expect(platformFound([there()], books([order()]))).toBe(0);
  expect(
    platformFound([there({ state: 'NOTPAY', transactionId: null })], books([order({ state: 'unpaid', paidFen: 0 })])),
  ).toBe(0);
  expect(platformFound([there()], books([]))).toBe(1);
  expect(platformFound([there()], books([order({ state: 'closed', paidFen: 0 })]))).toBe(1);
  expect(platformFound([there({ totalFen: 1 })], books([order()]))).toBe(1);
  expect(platformFound([there({ transactionId: 'U' })], books([order()]))).toBe(1);
  expect(platformFound([there({ state: 'CLOSED' })], books([order()]))).toBe(1);
  expect(platformFound([there()], books([order({ refundedFen: 400 })]))).toBe(1);
});

test('one payment for two orders is found; what a person was called for is his', () => {
  const two = books([order(), order({ outTradeNo: 'B' })]);
  expect(platformFound([], two)).toBe(1);
  const incidents = [{ kind: 'amount_differs', outTradeNo: 'A' }];
  expect(platformFound([there({ totalFen: 1 })], books([order({ state: 'unpaid', paidFen: 0 })], { incidents }))).toBe(
    0,
  );
});
