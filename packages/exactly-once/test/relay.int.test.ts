import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Producer } from '@lingquan/kafka';
import { inTransaction } from '@lingquan/postgres';
import { until } from '@lingquan/test-kit';
import { enqueue } from '../src/outbox.ts';
import { startRelay } from '../src/relay.ts';
import type { Relay } from '../src/relay.ts';
import { OUT, output, storeSystem, valuesOf } from './system.ts';
import type { StoreSystem } from './system.ts';

const LONG_MS = 60_000;
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, n) => String(from + n));

/** Commits one outbox row per value, as rounds do, and offers them. */
async function commit(system: StoreSystem, values: string[], relay?: Relay): Promise<void> {
  const sayings = values.map((value) => ({ span: undefined, records: [output(value)] }));
  const rows = await inTransaction(system.store.pool, (client) => enqueue(client, sayings));
  relay?.offer(rows);
}

const open = (system: StoreSystem, publish: Producer['publish'] = system.publish) =>
  startRelay({ url: system.store.url, producer: { ...system.producer, publish }, log: system.log });

test('rows are published in their order and removed: those waiting, those offered, those nobody offered', async () => {
  await using system = await storeSystem('relay-order');
  await commit(system, numbers(100));
  const relay = open(system);
  await system.outboxEmpty();
  for (let n = 100; n < 200; n += 10) await commit(system, numbers(10, n), relay);
  await commit(system, numbers(10, 200)); // another instance committed, and its word was lost
  await commit(system, numbers(10, 210), relay);
  await system.outboxEmpty();
  expect(valuesOf(await system.read(OUT))).toEqual(numbers(220));
  await relay.stop();
});

test('a crash between publishing and removing publishes again, under the same ids', async () => {
  await using system = await storeSystem('relay-crash');
  let crashes = 0;
  await commit(system, ['a', 'b']);
  const relay = open(system, async (records) => {
    await system.publish(records);
    if (crashes++ < 2) throw new Error('the process died here');
  });
  await system.outboxEmpty();
  await commit(system, ['c'], relay);
  await system.outboxEmpty();
  const records = await system.read(OUT);
  expect(valuesOf(records)).toEqual(['a', 'b', 'a', 'b', 'a', 'b', 'c']);
  expect(new Set(records.map(({ headers }) => String(headers['ce_id']))).size).toBe(3);
  await relay.stop();
});

test('a row stays until Kafka has confirmed it', async () => {
  await using system = await storeSystem('relay-away');
  let away = true;
  let tries = 0;
  const relay = open(system, async (records) => {
    tries++;
    if (away) throw new Error('kafka does not answer');
    return system.publish(records);
  });
  await commit(system, numbers(5), relay);
  await until(() => tries >= 3, 'it is tried again');
  expect(await system.rows('select 1 from outbox')).toHaveLength(5);
  away = false;
  await system.outboxEmpty();
  expect(valuesOf(await system.read(OUT))).toEqual(numbers(5));
  await relay.stop();
});

test(
  'one relay of a store publishes at a time; another takes over when it stops',
  async () => {
    await using system = await storeSystem('relay-two');
    const speakers: string[] = [];
    const speaking = (name: string) =>
      open(system, (records) => {
        speakers.push(name);
        return system.publish(records);
      });
    const first = speaking('first');
    await commit(system, ['0'], first);
    await system.outboxEmpty();
    const second = speaking('second');
    await until(() => second.ready().then(() => true), 'the second stands by');
    for (let n = 1; n < 21; n++) await commit(system, [String(n)], n % 2 === 0 ? first : second);
    await system.outboxEmpty();
    expect(new Set(speakers)).toEqual(new Set(['first']));
    await first.stop();
    await commit(system, ['21'], second);
    await system.outboxEmpty();
    expect(speakers.at(-1)).toBe('second');
    expect(valuesOf(await system.read(OUT))).toEqual(numbers(22));
    await second.stop();
  },
  LONG_MS,
);

test(
  'a leading process that is paused gives way to another; awake again, it breaks no order',
  async () => {
    await using system = await storeSystem('relay-paused');
    const paused = spawn(process.execPath, [
      fileURLToPath(new URL('relay-process.ts', import.meta.url)),
      system.store.url,
      system.env.KAFKA_BROKERS,
      system.prefix,
    ]);
    await using started = new AsyncDisposableStack();
    started.defer(() => void paused.kill('SIGKILL'));
    await commit(system, ['0']);
    await system.outboxEmpty(); // it leads
    const second = started.adopt(open(system), (relay) => relay.stop());
    paused.kill('SIGSTOP');
    for (let n = 1; n < 21; n++) await commit(system, [String(n)], second);
    await system.outboxEmpty();
    paused.kill('SIGCONT');
    for (let n = 21; n < 41; n++) await commit(system, [String(n)], second);
    await system.outboxEmpty();
    expect([...new Set(valuesOf(await system.read(OUT)))]).toEqual(numbers(41));
  },
  LONG_MS,
);

test(
  'a relay whose connection Postgres ends, idle or at work, connects again',
  async () => {
    await using system = await storeSystem('relay-cut');
    const relay = open(system);
    for (let cut = 0; cut < 4; cut++) {
      await until(() => relay.ready().then(() => true), 'it is connected');
      if (cut % 2 === 0) await commit(system, numbers(50, cut * 50), relay);
      await system.rows(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'outbox relay' and datname = current_database()",
      );
      if (cut % 2 === 1) await commit(system, numbers(50, cut * 50), relay);
    }
    await system.outboxEmpty();
    expect([...new Set(valuesOf(await system.read(OUT)))]).toEqual(numbers(200)); // repeats are allowed, another order is not
    await relay.stop();
  },
  LONG_MS,
);
