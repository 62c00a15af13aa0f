import { expect, test } from '@jest/globals';

/** The page's modules are plain JavaScript without types: they are loaded by address. */
const load = (name: string) => import(new URL(`../src/page/${name}`, import.meta.url).href);

const { fenOf, plainYuan, price } = await load('money.js');
const { changed, filled, linesOf, totalFenOf } = await load('cart.js');
const { isMoving, leftFen, standing, stepsOf } = await load('order-state.js');

test('sums are said and read to the fen', () => {
  expect([0, 5, 1250, 100_000, -1].map(price)).toEqual(['¥0.00', '¥0.05', '¥12.50', '¥1000.00', '−¥0.01']);
  expect([500, 550, 505].map(plainYuan)).toEqual(['5', '5.5', '5.05']);
  expect(['38.5', ' ¥12.50 ', '0.01', '8'].map(fenOf)).toEqual([3850, 1250, 1, 800]);
  expect(['', '0', '0.00', '1.234', '-3', '1e3', '12345678', '五元'].map(fenOf)).toEqual(Array(8).fill(undefined));
});

test('a cart holds 1 to 99 of a thing, and nothing of what is taken out', () => {
  const two = changed(changed(new Map(), 'A', 1), 'A', 1);
  expect(linesOf(two)).toEqual([{ sku: 'A', quantity: 2 }]);
  expect(linesOf(changed(two, 'A', -2))).toEqual([]);
  expect(changed(new Map([['A', 99]]), 'A', 1).get('A')).toBe(99);
});

test('what the shop no longer sells is not in the total', () => {
  const cart = new Map([
    ['A', 2],
    ['gone', 1],
  ]);
  expect(totalFenOf(filled(cart, [{ sku: 'A', priceFen: 1280 }]))).toBe(2560);
});

const order = (more: object) => ({
  state: 'paid',
  couponCode: '1',
  couponState: 'redeemed',
  totalFen: 3000,
  discountFen: 1000,
  payableFen: 2000,
  paidFen: 2000,
  refundedFen: 0,
  refunds: [],
  ...more,
});
const steps = (of: object, paidHere = false) => stepsOf(of, paidHere).map(({ step }: { step: string }) => step);

test('an order paid on the phone is followed until the shop has heard of it and the coupon is used', () => {
  const unpaid = order({ state: 'unpaid', couponState: 'locked', paidFen: 0 });
  expect([isMoving(unpaid, false), standing(unpaid, false)]).toEqual([false, 'unpaid']);
  expect([isMoving(unpaid, true), standing(unpaid, true)]).toEqual([true, 'confirming']);
  expect(isMoving(order({ couponState: 'locked' }), true)).toBe(true);
  expect(steps(order({ couponState: 'locked' }))).toEqual(['created', 'locked', 'paid', 'redeeming']);
  expect(isMoving(order({}), false)).toBe(false);
  expect(isMoving(order({ couponCode: null, couponState: null }), false)).toBe(false);
});

test('a refund in part leaves the coupon used; the last part brings it back', () => {
  const part = { refundFen: 500, state: 'succeeded' };
  const partly = order({ refundedFen: 500, refunds: [part] });
  expect([standing(partly, false), isMoving(partly, false), leftFen(partly)]).toEqual(['partly', false, 1500]);
  const whole = order({ refundedFen: 2000, refunds: [part, { refundFen: 1500, state: 'succeeded' }] });
  expect([standing(whole, false), isMoving(whole, false), leftFen(whole)]).toEqual(['refunded', true, 0]);
  expect(steps({ ...whole, couponState: 'returned' }).at(-1)).toBe('returned');
  expect(isMoving({ ...whole, couponState: 'returned_expired' }, false)).toBe(false);
});

test('money under way cannot be asked for twice, money that was not moved can', () => {
  expect(leftFen(order({ refunds: [{ refundFen: 1500, state: 'processing' }] }))).toBe(500);
  expect(leftFen(order({ refunds: [{ refundFen: 1500, state: 'closed' }] }))).toBe(2000);
});

test('a closed order gives the coupon back', () => {
  const closed = order({ state: 'closed', couponState: 'locked', paidFen: 0 });
  expect([steps(closed).at(-1), isMoving(closed, false)]).toEqual(['releasing', true]);
  expect(isMoving({ ...closed, couponState: 'released' }, false)).toBe(false);
});
