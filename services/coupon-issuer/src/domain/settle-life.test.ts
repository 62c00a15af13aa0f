import { expect, test } from '@jest/globals';
import { UnusableReason } from '@lingquan/events/coupon.ts';
import { basket, closesAtMs, opensAtMs, owned } from '../../test/builders.ts';
import { lockBy } from '../../test/races.ts';
import { settleCommand, settleTimers } from './settle-life.ts';
import type { LifeState } from './settle-life.ts';
import { WRONG_CODES_MAX, WRONG_CODES_MS } from './till-guard.ts';

const R = UnusableReason;
const stateOf = (...coupons: ReturnType<typeof owned>[]): LifeState => ({
  coupons: new Map(coupons.map((coupon) => [coupon.code, coupon])),
  guesses: new Map(),
});
const till = (cashier = '7') => ({ kind: 'redeem at till', shop: 'sh-01', cashier, basket: basket({}) }) as const;
const reasonOf = ({ answer }: ReturnType<typeof settleCommand>) =>
  answer.kind === 'not done' ? answer.why.reason : undefined;

test('commands on one coupon in one batch see each other', () => {
  const state = stateOf(owned());
  expect(settleCommand(state, '001TEST', lockBy('A'), opensAtMs).answer.kind).toBe('locked');
  expect(reasonOf(settleCommand(state, '001TEST', lockBy('B'), opensAtMs))).toBe(R.LOCKED);
  expect(settleCommand(state, '001TEST', { kind: 'release', outTradeNo: 'A' }, opensAtMs).answer.kind).toBe('released');
  expect(settleCommand(state, '001TEST', lockBy('B'), opensAtMs).answer.kind).toBe('locked');
});

test('a code nobody owns, or that is none, is unknown and gives no fact', () => {
  for (const code of ['002', undefined])
    expect(settleCommand(stateOf(owned()), code, lockBy('A'), opensAtMs)).toEqual({
      coupon: undefined,
      facts: [],
      answer: { kind: 'not done', why: { reason: R.UNKNOWN_CODE } },
    });
});

test('a till that guesses is closed for a while, also to a right code, and tells nothing of it; other tills are not', () => {
  const state = stateOf(owned());
  for (let n = 0; n < WRONG_CODES_MAX; n++)
    expect(reasonOf(settleCommand(state, undefined, till(), opensAtMs + n))).toBe(R.UNKNOWN_CODE);
  expect(settleCommand(state, '001TEST', till(), opensAtMs + 99)).toEqual({
    coupon: undefined,
    facts: [],
    answer: { kind: 'not done', why: { reason: R.TOO_MANY_WRONG_CODES, atMs: opensAtMs + WRONG_CODES_MS } },
  });
  expect(state.coupons.get('001TEST')!.life.state).toBe('issued');
  expect(settleCommand(state, '001TEST', till(), opensAtMs + WRONG_CODES_MS).answer.kind).toBe('redeemed');
  expect(reasonOf(settleCommand(state, '001TEST', till('8'), opensAtMs + 99))).toBe(R.REDEEMED);
});

test('orders may ask for wrong codes without closing a till', () => {
  const state = stateOf(owned());
  for (let n = 0; n < 50; n++) settleCommand(state, undefined, lockBy('A'), opensAtMs);
  expect(state.guesses.size).toBe(0);
});

test('timers do what is due and leave the rest', () => {
  const state = stateOf(owned({ code: 'DUE' }), owned({ code: 'LATER', expiresAtMs: closesAtMs + 1 }));
  const steps = settleTimers(state, ['DUE', 'LATER', 'GONE'], closesAtMs);
  expect(steps.map(({ coupon, facts }) => [coupon.code, facts.map(({ kind }) => kind)])).toEqual([
    ['DUE', ['expired']],
  ]);
  expect(settleTimers(state, ['DUE'], closesAtMs)).toEqual([]);
});
