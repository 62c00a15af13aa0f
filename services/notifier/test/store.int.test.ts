import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseName, inTransaction, openStore } from '@lingquan/postgres';
import type { Store } from '@lingquan/postgres';
import { isolate } from '@lingquan/test-kit';
import { givenUp } from '../src/domain/delivery.ts';
import { migrations } from '../src/main.ts';
import { end, endStuck, markSending, postpone, removeOld, saveDue, takeDue } from '../src/store/deliveries.ts';

const system = isolate('store');
let store: Store;
beforeAll(async () => {
  const database = databaseName(system.prefix, 'notifier');
  store = await openStore({ url: system.env.POSTGRES_URL, database, migrations: [migrations], log: system.log });
});
afterAll(async () => {
  await store.close();
  await system.remove();
});

const LEASE_MS = 30_000;

/** A delivery that was asked for and taken up. */
async function taken() {
  const causeId: string = randomUUID();
  await asked([causeId]);
  const found = (await takeDue(store.pool, 100, LEASE_MS)).find((one) => one.causeId === causeId);
  return found!;
}

const asked = (causeIds: string[]) =>
  inTransaction(store.pool, (client) =>
    saveDue(
      client,
      causeIds.map((causeId) => ({
        causeId,
        appid: 'wx1',
        openid: 'o1',
        askedAtMs: Date.UTC(2026, 0, 1),
        outcome: Buffer.from('outcome'),
        traceparent: undefined,
      })),
    ),
  );

const endNow = (delivery: Parameters<typeof end>[1]) =>
  inTransaction(store.pool, (client) => end(client, delivery, { kind: 'delivered' }));

test('what was taken up is nobody else’s until its lease is over', async () => {
  const delivery = await taken();
  expect(delivery).toMatchObject({ turn: 1, attempts: 0, askedAtMs: Date.UTC(2026, 0, 1) });
  expect(await takeDue(store.pool, 100, LEASE_MS)).toEqual([]);
  await endNow(delivery);
});

test('whoever lost a delivery to the next turn can neither send, postpone nor end it', async () => {
  const first = await taken();
  await postpone(store.pool, first, 0, -1);
  const [second] = await takeDue(store.pool, 100, LEASE_MS);
  expect(second).toMatchObject({ causeId: first.causeId, turn: 2 });
  expect(await markSending(store.pool, first)).toBe(false);
  await postpone(store.pool, first, 0, 0);
  expect(await takeDue(store.pool, 100, LEASE_MS)).toEqual([]);
  expect(await endNow(first)).toBeUndefined();
  expect(await markSending(store.pool, second!)).toBe(true);
  expect(await endNow(second!)).toMatchObject({ turn: 2, attempts: 1 });
});

test('what has ended stays ended, and the same cause is not due again', async () => {
  const delivery = await taken();
  expect(await endNow(delivery)).toMatchObject({ outcome: undefined });
  expect(await endNow(delivery)).toBeUndefined();
  expect(await markSending(store.pool, delivery)).toBe(false);
  await asked([delivery.causeId, delivery.causeId]);
  expect(await takeDue(store.pool, 100, LEASE_MS)).toEqual([]);
});

test('two who take at the same time share what is due', async () => {
  const causeIds = Array.from({ length: 40 }, () => randomUUID() as string);
  await asked(causeIds);
  const shares = await Promise.all([1, 2, 3, 4].map(() => takeDue(store.pool, 15, LEASE_MS)));
  const all = shares.flat().map(({ causeId }) => causeId);
  expect(new Set(all).size).toBe(all.length);
  const rest = (await takeDue(store.pool, 100, LEASE_MS)).map(({ causeId }) => causeId);
  expect([...all, ...rest].toSorted()).toEqual(causeIds.toSorted());
  for (const causeId of causeIds) await endNow({ causeId, turn: 1 } as Parameters<typeof end>[1]);
});

test('what has been sending for too long is ended as uncertain, the rest is left alone', async () => {
  const stuck = await taken();
  const busy = await taken();
  await markSending(store.pool, stuck);
  await markSending(store.pool, busy);
  await store.pool.query(`update delivery set sending_at = now() - interval '61 seconds' where cause_id = $1`, [
    stuck.causeId,
  ]);
  const ended = await inTransaction(store.pool, (client) => endStuck(client, 60_000, 10));
  expect(ended.map(({ causeId }) => causeId)).toEqual([stuck.causeId]);
  expect(await inTransaction(store.pool, (client) => end(client, stuck, givenUp('expired')))).toBeUndefined();
  expect(await endNow(busy)).toBeDefined();
});

test('only what ended long ago is forgotten', async () => {
  const { rows } = await store.pool.query<{ cause_id: string }>('select cause_id from delivery limit 2');
  await store.pool.query(`update delivery set done_at = now() - interval '31 days' where cause_id = any($1)`, [
    rows.map((row) => row.cause_id),
  ]);
  const open = await taken();
  expect(await removeOld(store.pool, 30 * 24 * 3_600_000, 100)).toBe(2);
  expect(await markSending(store.pool, open)).toBe(true);
});
