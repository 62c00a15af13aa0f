import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PositionGap } from '@lingquan/kafka';
import type { PartitionBatch } from '@lingquan/kafka';
import { inTransaction } from '@lingquan/postgres';
import { until } from '@lingquan/test-kit';
import { UnknownPartition, lockPositions, movePositions, spanOf } from '../src/batch.ts';
import { IN, storeSystem } from './system.ts';
import type { StoreSystem } from './system.ts';

let system: StoreSystem;
beforeAll(async () => {
  system = await storeSystem('eo-fence');
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

const batch = (partition: number, ...offsets: number[]): PartitionBatch => ({
  topic: IN,
  partition,
  records: offsets.map((offset) => ({ topic: IN, partition, offset, key: null, value: null, headers: {} })),
});

const stand = (partition: number, nextOffset: number) =>
  system.rows(
    'insert into position values ($1, $2, $3) on conflict (topic, partition) do update set next_offset = excluded.next_offset',
    [IN, partition, nextOffset],
  );

/** Takes batches as a processor does and answers with their offsets; `meanwhile` runs while the positions are locked. */
const takeBatches = (batches: PartitionBatch[], meanwhile: () => Promise<unknown> = async () => undefined) =>
  inTransaction(system.store.pool, async (client) => {
    const fresh = await lockPositions(client, batches);
    await meanwhile();
    if (fresh.length > 0) await movePositions(client, fresh.map(spanOf));
    return fresh.map(({ records }) => records.map(({ offset }) => offset));
  });

const somebodyWaits = () =>
  until(
    async () =>
      (
        await system.rows(
          "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        )
      ).length > 0,
    'somebody waits for the position',
  );

test('two owners of one partition: the second waits, then finds only what the first left', async () => {
  await stand(0, 10);
  let second: Promise<number[][]> | undefined;
  const first = await takeBatches([batch(0, 10, 11, 12)], async () => {
    second = takeBatches([batch(0, 10, 11, 12, 13)]);
    await somebodyWaits();
  });
  expect(first).toEqual([[10, 11, 12]]);
  expect(await second).toEqual([[13]]);
});

test('a second owner that brings nothing new takes nothing', async () => {
  await stand(0, 10);
  await takeBatches([batch(0, 10, 11)]);
  expect(await takeBatches([batch(0, 10, 11)])).toEqual([]);
});

test('an owner whose transaction fails leaves the batch to the next one', async () => {
  await stand(0, 10);
  const failing = takeBatches([batch(0, 10, 11)], async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await takeBatches([batch(0, 10, 11)])).toEqual([[10, 11]]);
});

test('a batch beyond the position says where to read again', async () => {
  await stand(0, 10);
  const ahead = takeBatches([batch(0, 12, 13)]);
  await expect(ahead).rejects.toBeInstanceOf(PositionGap);
  await expect(ahead).rejects.toMatchObject({ topic: IN, partition: 0, expected: 10 });
});

test('a partition without a position passes once there is one', async () => {
  const unknown = takeBatches([batch(99, 0)]);
  await expect(unknown).rejects.toBeInstanceOf(UnknownPartition);
  await expect(unknown).rejects.toMatchObject({ code: 'conflict' });
});

test('rounds that bring several partitions in any order do not lock each other out', async () => {
  for (const partition of [0, 1, 2, 3]) await stand(partition, 0);
  const upTo = (offset: number) => Array.from({ length: offset + 1 }, (_, n) => n);
  const rounds = Array.from({ length: 40 }, (_, n) => {
    const partitions = n % 2 === 0 ? [0, 1, 2, 3] : [3, 2, 1, 0];
    return takeBatches(partitions.map((partition) => batch(partition, ...upTo(n))));
  });
  await Promise.all(rounds);
  const positions = await system.rows('select next_offset from position where partition < 4');
  expect(positions).toEqual(Array.from({ length: 4 }, () => ({ next_offset: '40' })));
});
