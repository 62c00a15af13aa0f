import { expect, test } from '@jest/globals';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { codeOf, day } from '../../test/day.ts';
import { prove } from './prove.ts';

type Day = ReturnType<typeof day>;
const code = codeOf(1);
const HOUR_MS = 3_600_000;

async function faults(one: Day, untilMs?: number): Promise<string[]> {
  const { proof } = await prove(one.source(untilMs), () => undefined);
  return proof.checks.filter(({ found }) => found > 0).map(({ id }) => id);
}

const locked = (one: Day, outTradeNo: string) =>
  one.life(
    'o1',
    { case: 'couponLocked', value: { code, outTradeNo, until: timestampFromMs(one.nowMs + HOUR_MS) } },
    'coupon.locked',
  );
const redeemed = (one: Day, outTradeNo: string) =>
  one.life(
    'o1',
    { case: 'couponRedeemed', value: { code, by: { case: 'order', value: { outTradeNo } } } },
    'coupon.redeemed',
  );
const atTill = (one: Day) =>
  one.life(
    'o1',
    { case: 'couponRedeemed', value: { code, by: { case: 'till', value: { shop: 's', cashier: 'c' } } } },
    'coupon.redeemed',
  );
const returned = (one: Day, outTradeNo: string) =>
  one.life('o1', { case: 'couponReturned', value: { code, outTradeNo } }, 'coupon.returned');
const expired = (one: Day) => one.life('o1', { case: 'couponExpired', value: { code } }, 'coupon.expired');
const paid = (one: Day, outTradeNo: string, fen = 1000n) =>
  one.payment(outTradeNo, { case: 'orderPaid', value: { paidFen: fen, transactionId: 't' } }, code);
const refunded = (one: Day, outTradeNo: string, refundFen: bigint, whole: boolean) =>
  one.payment(outTradeNo, { case: 'refundSucceeded', value: { outRefundNo: `R${refundFen}`, refundFen, whole } }, code);

/** A campaign of which o1 has the first coupon. */
function claimed(expiresAfterMs = 0): Day {
  const one = day();
  one.create();
  one.claim('o1', code, expiresAfterMs === 0 ? {} : { expiresAtMs: one.nowMs + expiresAfterMs });
  return one;
}

/** The coupon went for an order and came back with its money. */
function bought(): Day {
  const one = claimed();
  locked(one, 'N1');
  paid(one, 'N1');
  redeemed(one, 'N1');
  refunded(one, 'N1', 400n, false);
  refunded(one, 'N1', 600n, true);
  returned(one, 'N1');
  return one;
}

test('a coupon that was held, redeemed, returned and redeemed again is clean', async () => {
  const one = bought();
  atTill(one);
  expect(await faults(one)).toEqual([]);
  one.pass(24 * HOUR_MS);
  expect(await faults(one)).toEqual([]);
});

test('a second redemption without a return between is found', async () => {
  const one = claimed();
  atTill(one);
  atTill(one);
  expect(await faults(one)).toEqual(['life']);
});

test('a redemption of a coupon nobody claimed is found', async () => {
  const one = day();
  one.create();
  atTill(one);
  expect(await faults(one)).toEqual(['life']);
});

test('a redemption by another order than the one that holds it is found', async () => {
  const one = claimed();
  locked(one, 'N1');
  paid(one, 'N2');
  redeemed(one, 'N2');
  expect(await faults(one)).toEqual(['life']);
});

test('nothing happens to a coupon after it was revoked', async () => {
  const one = claimed();
  one.life('o1', { case: 'couponRevoked', value: { code } }, 'coupon.revoked');
  atTill(one);
  expect(await faults(one)).toEqual(['life']);
});

test('use past its time, an end before its time and an end that never came are found', async () => {
  const late = claimed(HOUR_MS);
  late.pass(HOUR_MS);
  atTill(late);
  expect(await faults(late)).toEqual(['expiry']);

  const early = claimed(HOUR_MS);
  expired(early);
  expect(await faults(early)).toEqual(['expiry']);

  const never = claimed(HOUR_MS);
  expect(await faults(never, never.nowMs + HOUR_MS)).toEqual([]); // a timer may take a moment
  expect(await faults(never, never.nowMs + 2 * HOUR_MS)).toEqual(['expiry']);

  const right = claimed(HOUR_MS);
  right.pass(HOUR_MS);
  expired(right);
  expect(await faults(right, right.nowMs + 2 * HOUR_MS)).toEqual([]);
});

test('a hold that nobody ended is found', async () => {
  const one = claimed();
  locked(one, 'N1');
  expect(await faults(one, one.nowMs + HOUR_MS)).toEqual([]);
  expect(await faults(one, one.nowMs + 2 * HOUR_MS)).toEqual(['locks']);
});

test('a redemption by an order that was never paid is found', async () => {
  const one = claimed();
  locked(one, 'N1');
  redeemed(one, 'N1');
  expect(await faults(one)).toEqual(['uses']);
});

test('an order redeemed twice, and one that redeemed another coupon than it paid with, are found', async () => {
  const one = bought();
  locked(one, 'N1');
  redeemed(one, 'N1');
  expect(await faults(one)).toEqual(['uses']);

  const other = claimed();
  locked(other, 'N1');
  redeemed(other, 'N1');
  other.payment('N1', { case: 'orderPaid', value: { paidFen: 1n } }, codeOf(2));
  expect(await faults(other)).toEqual(['uses']);
});

test('a paid order whose coupon was not redeemed is found after a minute, unless a person was told', async () => {
  const one = claimed();
  locked(one, 'N1');
  paid(one, 'N1');
  expect(await faults(one)).toEqual([]);
  expect(await faults(one, one.nowMs + 61_000)).toEqual(['uses']);
  one.payment('N1', { case: 'incidentFound', value: { incidentId: 'i', kind: 'coupon_gone' } });
  expect(await faults(one, one.nowMs + 61_000)).toEqual([]);
});

test('more money back than was paid, money back before it was paid, and payment twice are found', async () => {
  const more = bought();
  refunded(more, 'N1', 1n, false);
  expect(await faults(more)).toEqual(['payments']);

  const before = claimed();
  refunded(before, 'N9', 1n, false);
  expect(await faults(before)).toEqual(['payments']);

  const twice = bought();
  paid(twice, 'N1');
  expect(await faults(twice)).toEqual(['payments']);
});

test('a coupon that comes back before all the money is, or does not when it is, is found', async () => {
  const early = claimed();
  locked(early, 'N1');
  paid(early, 'N1');
  redeemed(early, 'N1');
  refunded(early, 'N1', 400n, false);
  returned(early, 'N1');
  expect(await faults(early, early.nowMs + 61_000)).toEqual(['returns']);

  const kept = claimed();
  locked(kept, 'N1');
  paid(kept, 'N1');
  redeemed(kept, 'N1');
  refunded(kept, 'N1', 1000n, true);
  expect(await faults(kept, kept.nowMs + 61_000)).toEqual(['returns']);
});

test('a fact of a command that is not on record is found', async () => {
  const one = claimed();
  const cause = '00000000-0000-8000-8000-000000000000';
  one.fact(cause, { case: 'couponRevoked', value: { code } }, { openid: 'o1', type: 'coupon.revoked' });
  expect(await faults(one)).toEqual(['causes']);
});
