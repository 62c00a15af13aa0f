import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { atMs, claimed, logSystem } from './system.ts';
import type { Item, LogSystem } from './system.ts';

let system: LogSystem;
beforeAll(async () => {
  system = await logSystem('claim-log-paging');
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

const EVENTS = 1200;

/** Claims of one campaign over all partitions, forty at each second. */
const claims = (campaignId: string, count: number, fromMs: number) =>
  Array.from({ length: count }, (_, n) =>
    claimed(`${campaignId}-${n}`, { campaignId, openid: `o${n}`, timeMs: fromMs + Math.floor(n / 40) * 1000 }),
  );

const byTime = (a: Item, b: Item) => a.time.localeCompare(b.time) || a.id.localeCompare(b.id);

test.each([1, 7, 100, 500])(
  '1200 events, many at the same instant, are paged in order and once (limit %i)',
  async (limit) => {
    const campaignId = `ties-${limit}`;
    const count = limit === 1 ? 90 : EVENTS;
    await system.publish(claims(campaignId, count, atMs));
    await system.settled();
    const { items } = await system.pages(`campaign=${campaignId}&limit=${limit}`);
    expect(items).toEqual(items.toSorted(byTime));
    expect(new Set(items.map(({ code }) => code)).size).toBe(count);
    expect(items).toHaveLength(count);
  },
);

test('the last page is followed by nothing, also when it is full', async () => {
  await system.publish(claims('full', 20, atMs));
  await system.settled();
  const first = await system.page('campaign=full&limit=10');
  const second = await system.page(`campaign=full&limit=10&cursor=${first.next}`);
  expect([second.items.length, second.next]).toEqual([10, null]);
});

test('a page stays the same while events arrive, whatever their time', async () => {
  await system.publish(claims('stable', 50, atMs));
  await system.settled();
  const { next } = await system.page('campaign=stable&limit=20');
  const before = await system.page(`campaign=stable&limit=10&cursor=${next}`);
  await system.publish(claims('stable', 50, atMs - 3_600_000));
  await system.settled();
  expect(await system.page(`campaign=stable&limit=10&cursor=${next}`)).toEqual(before);
});

test('a reader that goes on from its last cursor meets every late event, old or new, once', async () => {
  await system.publish(claims('late', 50, atMs));
  await system.settled();
  const query = 'campaign=late&limit=20';
  const first = await system.pages(query);
  expect(first.items).toHaveLength(50);

  const lates = [
    claimed('late-older', { campaignId: 'late', openid: 'o1', timeMs: atMs - 86_400_000 }),
    claimed('late-tie', { campaignId: 'late', openid: 'o2', timeMs: atMs }),
    claimed('late-newer', { campaignId: 'late', openid: 'o3', timeMs: atMs + 86_400_000 }),
  ];
  await system.publish([...lates, ...claims('other', 30, atMs)]);
  await system.settled();
  const second = await system.pages(query, first.cursor);
  const seen = new Set(first.items.map(({ id }) => id));
  expect(second.items.filter(({ id }) => !seen.has(id)).map(({ code }) => code)).toEqual([
    'late-older',
    'late-tie',
    'late-newer',
  ]);
  const again = await system.pages(query, second.cursor);
  expect(again.items.every(({ id }) => second.items.some((item) => item.id === id))).toBe(true);
});

test('a reader that starts while events pour in gets each of them once', async () => {
  const rest = Array.from({ length: 20 }, (_, n) => claims(`pour`, 40, atMs - n * 60_000));
  await system.publish(claims('pour', 200, atMs));
  await system.settled();
  const reading = system.pages('campaign=pour&limit=5');
  for (const batch of rest) await system.publish(batch);
  const { items, cursor } = await reading;
  await system.settled();
  const tail = await system.pages('campaign=pour&limit=500', cursor);
  const ids = [...items, ...tail.items].map(({ id }) => id);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  expect(new Set(ids).size).toBe(1000);
});
