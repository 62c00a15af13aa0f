import { expect, test } from '@jest/globals';
import { NOW_MS, history, said } from '../../test/domain.ts';
import { isPayable, isSameOrder, outcomeOf } from './order.ts';

const HOUR_MS = 3_600_000;

test('the same order said again is the same; any other content is another', () => {
  expect(isSameOrder(said(), said())).toBe(true);
  expect(isSameOrder(said(), said({ payUntilMs: 0 }))).toBe(true);
  for (const differs of [
    { appid: 'wx2' },
    { openid: 'o2' },
    { couponCode: 'C1' },
    { description: '美式' },
    { totalFen: 1 },
    { basket: new Uint8Array([1]) },
  ])
    expect(isSameOrder(said(), said(differs))).toBe(false);
});

test('it can be paid from the prepay_id to the deadline, and is prepared again before the prepay_id ends', () => {
  const created = history().created();
  expect(isPayable(created.order(), NOW_MS)).toBe('no');
  const order = { ...created.prepared().order(), payUntilMs: NOW_MS + 24 * HOUR_MS };
  expect(isPayable(order, NOW_MS)).toBe('yes');
  expect(isPayable(order, NOW_MS + 1.8 * HOUR_MS)).toBe('yes');
  expect(isPayable(order, NOW_MS + 2 * HOUR_MS)).toBe('prepare_again');
  expect(isPayable(order, NOW_MS + 24 * HOUR_MS)).toBe('no');
  expect(isPayable(created.paid().order(), NOW_MS)).toBe('no');
});

test('whoever ordered is told once it is ready or refused', () => {
  const one = history().created();
  expect(outcomeOf(one.order())).toBeUndefined();
  one.happen({ kind: 'cancel' });
  expect(outcomeOf(one.order())).toBeUndefined();
  one.happen({ kind: 'close_answered', done: true, told: undefined, attempts: 1 });
  expect(outcomeOf(one.order())).toEqual({ kind: 'refused', reason: 'closed' });
  expect(outcomeOf(one.paid().order())).toMatchObject({ kind: 'ready', payableFen: 8800 });
});
