import { expect, test } from '@jest/globals';
import { ReleaseCause, UnusableReason } from '@lingquan/events/coupon.ts';
import { basket, closesAtMs, line, opensAtMs, owned, rules, worth } from '../../test/builders.ts';
import { reasonName } from '../../test/reason-name.ts';
import { decideLife, passTime } from './life.ts';
import type { LifeCommand } from './life.ts';
import type { OwnedCoupon } from './owned-coupon.ts';

const R = UnusableReason;
const now = opensAtMs + 1000;
const until = now + 60_000;
const discount = { totalFen: 500, lineFen: [500] };
const holdOf = (outTradeNo: string, untilMs = until) => ({ outTradeNo, untilMs, discount });

const lock = (outTradeNo: string, differences = {}): LifeCommand => ({
  kind: 'lock',
  outTradeNo,
  appid: 'wx1',
  openid: 'follower',
  basket: basket({}),
  untilMs: until,
  ...differences,
});
const redeem = (outTradeNo: string): LifeCommand => ({ kind: 'redeem', outTradeNo });
const till = (differences = {}): LifeCommand => ({
  kind: 'redeem at till',
  shop: 'sh-01',
  cashier: '7',
  basket: basket({}),
  ...differences,
});
const release = (outTradeNo: string): LifeCommand => ({ kind: 'release', outTradeNo });
const giveBack = (outTradeNo: string): LifeCommand => ({ kind: 'return', outTradeNo });
const revoke: LifeCommand = { kind: 'revoke', reason: 'lost phone' };

const issued = owned();
const lockedBy = (order: string) => owned({ life: { state: 'locked', hold: holdOf(order) } });
const freedBy = (order: string) => owned({ life: { state: 'issued', hold: holdOf(order) } });
const redeemedBy = (order: string) =>
  owned({ life: { state: 'redeemed', hold: holdOf(order), redemption: { atMs: now - 5, by: { outTradeNo: order } } } });
const redeemedAtTill = owned({
  life: { state: 'redeemed', redemption: { atMs: now - 5, by: { shop: 'sh-01', cashier: '7' } } },
});
const expiredAfter = (order: string | undefined) =>
  owned({ life: { state: 'expired', hold: order === undefined ? undefined : holdOf(order) } });
const revoked = owned({ life: { state: 'revoked' } });

/** What happened, in a line: the state, the facts, and the answer or the reason against it. */
const told = (coupon: OwnedCoupon, command: LifeCommand, nowMs = now): string => {
  const { coupon: after, facts, answer } = decideLife(coupon, command, nowMs);
  const said = answer.kind === 'not done' ? reasonName(answer.why.reason) : answer.kind;
  return `${after.life.state} [${facts.map(({ kind }) => kind).join(' ')}] ${said}`;
};

test.each<[string, OwnedCoupon, LifeCommand, string]>([
  // lock
  ['an issued coupon is held', issued, lock('A'), 'locked [locked] locked'],
  ['a coupon freed by another order is held', freedBy('B'), lock('A'), 'locked [locked] locked'],
  ['who holds it holds it', lockedBy('A'), lock('A'), 'locked [] locked'],
  ['held by another', lockedBy('B'), lock('A'), 'locked [use_refused] LOCKED'],
  ['used', redeemedBy('B'), lock('A'), 'redeemed [use_refused] REDEEMED'],
  ['expired', expiredAfter(undefined), lock('A'), 'expired [use_refused] EXPIRED'],
  ['revoked', revoked, lock('A'), 'revoked [use_refused] REVOKED'],
  ["somebody else's", issued, lock('A', { openid: 'thief' }), 'issued [use_refused] NOT_OWNER'],
  ["another account's", issued, lock('A', { appid: 'wx2' }), 'issued [use_refused] NOT_OWNER'],
  [
    'not for this basket',
    owned({ worth: worth({ thresholdFen: 9999 }) }),
    lock('A'),
    'issued [use_refused] BELOW_THRESHOLD',
  ],
  // redeem by an order
  ['an order redeems what it holds', lockedBy('A'), redeem('A'), 'redeemed [redeemed] redeemed'],
  ['a late payment takes what is free', freedBy('A'), redeem('A'), 'redeemed [redeemed] redeemed'],
  ['also after another order had it', freedBy('B'), redeem('A'), 'redeemed [redeemed] redeemed'],
  ['not what another holds', lockedBy('B'), redeem('A'), 'locked [use_refused] LOCKED'],
  ['expired, but valid when it took it', expiredAfter('A'), redeem('A'), 'redeemed [redeemed] redeemed'],
  ['expired in other hands', expiredAfter('B'), redeem('A'), 'expired [use_refused] EXPIRED'],
  ['expired in no hands', expiredAfter(undefined), redeem('A'), 'expired [use_refused] EXPIRED'],
  ['redeemed by it', redeemedBy('A'), redeem('A'), 'redeemed [] redeemed'],
  ['redeemed by another', redeemedBy('B'), redeem('A'), 'redeemed [use_refused] REDEEMED'],
  ['revoked meanwhile', revoked, redeem('A'), 'revoked [use_refused] REVOKED'],
  // redeem at a till
  ['a till redeems what is free', issued, till(), 'redeemed [redeemed] redeemed'],
  ['not what an order holds', lockedBy('A'), till(), 'locked [use_refused] LOCKED'],
  ['not twice', redeemedAtTill, till(), 'redeemed [use_refused] REDEEMED'],
  ['not what expired', expiredAfter('A'), till(), 'expired [use_refused] EXPIRED'],
  ['not what was revoked', revoked, till(), 'revoked [use_refused] REVOKED'],
  [
    'not in another shop',
    owned({ rules: rules({ scope: { shops: ['sh-02'] } }) }),
    till(),
    'issued [use_refused] WRONG_SHOP',
  ],
  // release
  ['who holds it lets go', lockedBy('A'), release('A'), 'issued [released] released'],
  ['it was free already', freedBy('A'), release('A'), 'issued [] released'],
  ['it has expired since', expiredAfter('A'), release('A'), 'expired [] released'],
  ['another holds it', lockedBy('B'), release('A'), 'locked [] OTHER_ORDER'],
  ['nobody held it', issued, release('A'), 'issued [] OTHER_ORDER'],
  ['it was used', redeemedBy('A'), release('A'), 'redeemed [] REDEEMED'],
  // return
  ['who used it gives it back', redeemedBy('A'), giveBack('A'), 'issued [returned] returned'],
  ['another used it', redeemedBy('B'), giveBack('A'), 'redeemed [] OTHER_ORDER'],
  ['a till used it', redeemedAtTill, giveBack('A'), 'redeemed [] OTHER_ORDER'],
  ['it is held, not used', lockedBy('A'), giveBack('A'), 'locked [] OTHER_ORDER'],
  ['it is free', issued, giveBack('A'), 'issued [] OTHER_ORDER'],
  // revoke
  ['what is free is taken away', issued, revoke, 'revoked [revoked] revoked'],
  ['once', revoked, revoke, 'revoked [] revoked'],
  ['not while it is held', lockedBy('A'), revoke, 'locked [] LOCKED'],
  ['not once it was used', redeemedBy('A'), revoke, 'redeemed [] REDEEMED'],
  ['not once it expired', expiredAfter('A'), revoke, 'expired [] EXPIRED'],
])('%s', (_, coupon, command, expected) => {
  expect(told(coupon, command)).toBe(expected);
});

test('what a lock takes off stays with it, and is said when it is redeemed', () => {
  const decided = decideLife(issued, lock('A', { basket: basket({}, { unitPriceFen: 3000 }) }), now);
  const expected = { totalFen: 500, lineFen: [125, 375] };
  expect(decided.answer).toEqual({ kind: 'locked', discount: expected, untilMs: until });
  expect(decideLife(decided.coupon, redeem('A'), now + 1).facts).toEqual([
    { kind: 'redeemed', discount: expected, command: redeem('A') },
  ]);
});

test('a coupon that ends while it is held is used until its hold ends, and then expires in one go', () => {
  const held = owned({ expiresAtMs: now + 10, life: { state: 'locked', hold: holdOf('A') } });
  expect(passTime(held, now + 20)).toEqual({ coupon: held, facts: [] });
  expect(told(held, redeem('A'), now + 20)).toBe('redeemed [redeemed] redeemed');
  expect(told(held, release('A'), now + 20)).toBe('expired [released expired] released');
  expect(passTime(held, until).facts).toEqual([
    { kind: 'released', outTradeNo: 'A', cause: ReleaseCause.TIME_OUT },
    { kind: 'expired', atMs: now + 10 },
  ]);
});

test('a coupon returned after its end comes back expired, and cannot be used by that order again', () => {
  const { coupon, facts, answer } = decideLife(redeemedBy('A'), giveBack('A'), closesAtMs);
  expect(facts.map(({ kind }) => kind)).toEqual(['returned', 'expired']);
  expect(answer).toEqual({ kind: 'returned', expired: true });
  expect(told(coupon, redeem('A'), closesAtMs)).toBe('expired [use_refused] EXPIRED');
});

test('time acts to the millisecond, before the command and whether or not a timer fired', () => {
  expect(passTime(issued, closesAtMs - 1).facts).toEqual([]);
  expect(passTime(issued, closesAtMs).facts).toEqual([{ kind: 'expired', atMs: closesAtMs }]);
  expect(told(issued, till(), closesAtMs - 1)).toBe('redeemed [redeemed] redeemed');
  expect(told(issued, till(), closesAtMs)).toBe('expired [expired use_refused] EXPIRED');
  expect(told(lockedBy('A'), lock('B', { untilMs: until + 9 }), until - 1)).toBe('locked [use_refused] LOCKED');
  expect(told(lockedBy('A'), lock('B', { untilMs: until + 9 }), until)).toBe('locked [released locked] locked');
});

test('a coupon without an end never expires, and its hold still ends', () => {
  const forEver = owned({ expiresAtMs: undefined });
  expect(passTime(forEver, Number.MAX_SAFE_INTEGER).facts).toEqual([]);
  const held = { ...forEver, life: lockedBy('A').life };
  expect(passTime(held, until).coupon.life.state).toBe('issued');
});

test('a refusal says what the words for it need', () => {
  const answer = (coupon: OwnedCoupon, command: LifeCommand, nowMs = now) => decideLife(coupon, command, nowMs).answer;
  expect(answer(redeemedBy('B'), lock('A'))).toEqual({ kind: 'not done', why: { reason: R.REDEEMED, atMs: now - 5 } });
  expect(answer(issued, lock('A'), closesAtMs)).toEqual({
    kind: 'not done',
    why: { reason: R.EXPIRED, atMs: closesAtMs },
  });
  expect(
    answer(owned({ worth: worth({ thresholdFen: 3000 }) }), lock('A', { basket: { ...basket(), lines: [line()] } })),
  ).toEqual({
    kind: 'not done',
    why: { reason: R.BELOW_THRESHOLD, missingFen: 2000 },
  });
});
