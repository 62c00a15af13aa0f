import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, jest, test } from '@jest/globals';
import { envelopeOf, topics } from '@lingquan/events';
import { readTopic, until } from '@lingquan/test-kit';
import { basket } from './builders.ts';
import { createCampaign, issuerSystem, lifeCommand, push } from './system.ts';
import { factsOf } from './told.ts';

jest.setTimeout(60_000);

type System = Awaited<ReturnType<typeof issuerSystem>>;

/** One coupon without an end for each follower, by follower. */
async function claimed(system: System, followers: string[]): Promise<Map<string, string>> {
  await system.publish([createCampaign('short', { stock: followers.length })]);
  await system.settled();
  await system.publish(followers.map((follower) => push(follower, { timeMs: Date.now() })));
  await system.settled();
  const rows = await system.rows<{ openid: string; code: string }>('select openid, code from coupon');
  return new Map(rows.map(({ openid, code }) => [openid, code]));
}

/** Gives all coupons an end soon, however long it took to come so far; returns it. */
async function endSoon(system: System, inMs: number): Promise<number> {
  const endMs = Date.now() + inMs;
  await system.rows(`update coupon set expires_at = '${new Date(endMs).toISOString()}'`);
  return endMs;
}

const lock = (openid: string, untilMs: number) =>
  ({ kind: 'lock', outTradeNo: 'order-1', appid: 'wx1', openid, basket: basket({}), untilMs }) as const;

const firings = async ({ kafka }: System) =>
  (await readTopic(kafka, topics.couponCommands.name))
    .map(({ headers }) => envelopeOf(headers))
    .filter(({ type }) => type === 'coupon.fire_timers');

const states = async ({ rows }: System) =>
  (await rows<{ state: number }>('select state from coupon order by openid')).map(({ state }) => state);

test('coupons expire within a second of their end, all of them, in one command; nothing is due afterwards', async () => {
  await using system = await issuerSystem('expiry', { timers: 'on' });
  await claimed(
    system,
    Array.from({ length: 30 }, (_, i) => `follower-${i}`),
  );
  const endMs = await endSoon(system, 1500);
  await until(async () => (await states(system)).every((state) => state === 3), 'all have expired');
  await system.settled();

  const facts = await factsOf(system.kafka);
  expect(facts.map(({ type }) => type)).toEqual(Array.from({ length: 30 }, () => 'coupon.expired'));
  expect(new Set(facts.map(({ id }) => id)).size).toBe(30);
  for (const { timeMs, value } of facts) {
    expect(value).toMatchObject({ expiredAt: timestampFromMs(endMs) });
    expect(timeMs - endMs).toBeGreaterThanOrEqual(0);
    expect(timeMs - endMs).toBeLessThan(1000);
  }
  expect(await system.rows('select 1 from coupon where due_at is not null')).toEqual([]);
});

test('what became due while the issuer was away happens when it is back; a hold that is over ends and the coupon with it', async () => {
  await using system = await issuerSystem('away', { timers: 'on' });
  const codes = await claimed(system, ['free', 'held', 'kept']);
  const farMs = Date.now() + 3_600_000;
  await system.publish([
    lifeCommand(codes.get('held')!, lock('held', farMs), { timeMs: Date.now() }),
    lifeCommand(codes.get('kept')!, lock('kept', farMs), { timeMs: Date.now() }),
  ]);
  await system.settled();
  await system.restart(async () => {
    expect(await states(system)).toEqual([0, 1, 1]);
    await endSoon(system, 0);
    await system.rows(`update coupon set lock_until = expires_at where openid = 'held'`);
  });
  await until(async () => String(await states(system)) === '3,3,1', 'what was due has happened');
  await system.settled();

  const facts = await factsOf(system.kafka);
  const of = (follower: string) =>
    facts.filter(({ value }) => (value as { code: string }).code === codes.get(follower)).map(({ type }) => type);
  expect(of('free')).toEqual(['coupon.expired']);
  expect(of('held')).toEqual(['coupon.locked', 'coupon.released', 'coupon.expired']);
  expect(of('kept')).toEqual(['coupon.locked']);
});

test('a hold ends by itself at its time, and the coupon can be used again', async () => {
  await using system = await issuerSystem('hold', { timers: 'on' });
  const codes = await claimed(system, ['follower']);
  const untilMs = Date.now() + 1000;
  await system.publish([lifeCommand(codes.get('follower')!, lock('follower', untilMs), { timeMs: Date.now() })]);
  await until(async () => (await factsOf(system.kafka)).length === 2, 'the hold has ended');
  const [, released] = await factsOf(system.kafka);
  expect(released).toMatchObject({ type: 'coupon.released', value: { outTradeNo: 'order-1' } });
  expect(released!.timeMs - untilMs).toBeLessThan(1000);
  expect(await states(system)).toEqual([0]);
});

test('the same firing is said once while the store has not taken it yet', async () => {
  await using system = await issuerSystem('patience', { timers: 'on' });
  await claimed(system, ['follower']);
  await endSoon(system, 100);
  await until(async () => (await states(system))[0] === 3, 'it has expired');
  await system.settled();
  expect(await firings(system)).toHaveLength(1);
});
