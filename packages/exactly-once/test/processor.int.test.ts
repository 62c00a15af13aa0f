import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { AppError } from '@lingquan/errors';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import { until } from '@lingquan/test-kit';
import { preparePositions } from '../src/positions.ts';
import { IN, OUT, input, output, storeSystem, take, valuesOf } from './system.ts';

const LONG_MS = 60_000;
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, n) => String(from + n));

test(
  'every record is decided once and said once, over stops and starts',
  async () => {
    await using system = await storeSystem('eo-once');
    for (let start = 0; start < 3; start++) {
      const processor = await system.process();
      await system.publish(numbers(300, start * 300).map((n) => input(n)));
      const count = start * 300 + 150; // stopped anywhere after that
      await until(async () => (await system.taken()).length >= count, 'some are taken');
      await processor.stop();
    }
    await system.process();
    await until(async () => (await system.taken()).length >= 900, 'all are taken');
    await system.outboxEmpty();
    const taken = await system.taken();
    expect(taken.toSorted()).toEqual(numbers(900).toSorted());
    expect(valuesOf(await system.read(OUT))).toEqual(taken); // in the order in which they were decided
  },
  LONG_MS,
);

test('a round that throws leaves nothing behind, and is tried again while its dependency is away', async () => {
  await using system = await storeSystem('eo-away');
  let calls = 0;
  await system.process({
    decide: async (client, batches, last) => {
      const published = await take(client, batches, last);
      if (++calls <= 3) throw new AppError('unavailable', 'not now');
      return published;
    },
  });
  await system.publish(['a', 'b', 'c'].map((value) => input(value, 'same key')));
  await until(async () => (await system.taken()).length > 0, 'they are taken');
  await system.outboxEmpty();
  expect(await system.taken()).toEqual(['a', 'b', 'c']);
  expect(await system.read(`${IN}.dlq`)).toEqual([]);
});

test('a poisonous record goes to the dead letters alone, with its reason and its place', async () => {
  await using system = await storeSystem('eo-poison', { partitions: 1 });
  await system.process({
    decide: async (client, batches, last) => {
      if (batches.some(({ records }) => valuesOf(records).includes('bad')))
        throw new TypeError('cannot divide a coupon');
      return take(client, batches, last);
    },
  });
  const bad = input('bad');
  await system.publish([input('a'), bad, input('b')]);
  await until(async () => (await system.taken()).length === 2, 'the good ones are taken');
  await system.outboxEmpty();
  expect(await system.taken()).toEqual(['a', 'b']);
  const [dead, ...more] = await system.read(`${IN}.dlq`);
  expect(more).toEqual([]);
  expect([String(dead!.key), String(dead!.value)]).toEqual(['bad', 'bad']);
  expect(Object.fromEntries(Object.entries(dead!.headers).map(([name, value]) => [name, String(value)]))).toEqual({
    ...bad.headers,
    'dlq-topic': IN,
    'dlq-partition': '0',
    'dlq-offset': '1',
    'dlq-reason': 'cannot divide a coupon',
  });
  expect(await system.rows('select next_offset from position')).toEqual([{ next_offset: '3' }]);
});

test('when the store was put back, it takes again what Kafka thinks is done', async () => {
  await using system = await storeSystem('eo-back', { partitions: 1 });
  await system.process();
  await system.publish(numbers(50).map((n) => input(n)));
  await until(async () => (await system.taken()).length === 50, 'all are taken');
  await system.rows('truncate taken');
  await system.rows('update position set next_offset = 20');
  await system.publish([input('50')]);
  await until(async () => (await system.taken()).length >= 31, 'the rest is taken again');
  expect(await system.taken()).toEqual(numbers(31, 20));
  expect(system.fatal).toEqual([]);
});

test('a store and a topic that do not belong together are refused at the start', async () => {
  await using system = await storeSystem('eo-refuse', { partitions: 1 });
  await system.publish(numbers(10).map((n) => input(n)));
  await (await system.process()).stop();
  const refusal = async (change: string) => {
    await system.rows(`update position set ${change}`);
    return system.process().then(
      () => 'it started',
      (error: unknown) => error,
    );
  };
  expect(await refusal('next_offset = 11')).toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('made anew'),
  });
  expect(await refusal('next_offset = -1')).toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('deleted'),
  });
  expect(await refusal('next_offset = 0, partition = 7')).toMatchObject({ code: 'invalid' });
});

test('an instance that starts while another one takes records is not told that the topic was made anew', async () => {
  await using system = await storeSystem('eo-join', { partitions: 1 });
  const { kafka, store } = system;
  await preparePositions(store.pool, kafka, [IN]);
  const offsets = async (topic: string) => {
    const ends = await kafka.offsets(topic);
    await system.publish([input('a')]); // taken by the other one before this one looks on
    await system.rows('update position set next_offset = next_offset + 1');
    return ends;
  };
  await preparePositions(store.pool, { ...kafka, offsets }, [IN]);
  expect(await system.rows('select 1 from position where next_offset > 0')).toHaveLength(1);
});

test('a partition added while it runs gets a position of its own', async () => {
  await using system = await storeSystem('eo-added', { partitions: 2 });
  await system.process();
  await system.rows('delete from position where partition = 1'); // as if it had not been there at the start
  await system.publish([input('a', 'k', 0), input('b', 'k', 1)]);
  await until(async () => (await system.taken()).length === 2, 'both are taken');
  expect((await system.taken()).toSorted()).toEqual(['a', 'b']);
  expect(await system.rows('select partition, next_offset from position order by partition')).toEqual([
    { partition: 0, next_offset: '1' },
    { partition: 1, next_offset: '1' },
  ]);
});

test('the journal says of every batch when its turn was, also of one that says nothing', async () => {
  await using system = await storeSystem('eo-journal');
  const processor = await system.process({
    journalSource: 'test',
    decide: async (client, batches, last) =>
      (await take(client, batches, last)).map((records, place) => (place === 0 ? [] : records)),
  });
  for (let burst = 0; burst < 5; burst++) {
    await system.publish(numbers(100, burst * 100).map((n) => input(n)));
    await until(async () => (await system.taken()).length === (burst + 1) * 100, 'the burst is taken');
  }
  await processor.say(async () => [output('by itself')]);
  await system.outboxEmpty();

  const entries = (await system.read('coupon.journal')).map(({ value }) => fromBinary(JournalEntrySchema, value!));
  const sequence = entries.map((entry) => Number(entry.sequence));
  expect(sequence).toEqual([...new Set(sequence)].toSorted((a, b) => a - b));

  // In journal order, the recorded offsets give the records in the order in which they were taken.
  const records = await system.read(IN);
  const replayed = entries.flatMap(({ topic, partition, firstOffset, lastOffset }) =>
    records.filter(
      (record) =>
        record.topic === topic &&
        record.partition === partition &&
        record.offset >= Number(firstOffset) &&
        record.offset <= Number(lastOffset),
    ),
  );
  expect(valuesOf(replayed)).toEqual(await system.taken());
  expect(valuesOf(await system.read(OUT)).at(-1)).toBe('by itself');
});

test(
  'two processors of one store share its partitions and still take everything once',
  async () => {
    await using system = await storeSystem('eo-two');
    const first = await system.process();
    await system.publish(numbers(200).map((n) => input(n)));
    const second = await system.process(); // the group is dealt anew while records are under way
    await system.publish(numbers(200, 200).map((n) => input(n)));
    await until(async () => (await system.taken()).length >= 300, 'most are taken');
    await first.stop(); // and again
    await system.publish(numbers(200, 400).map((n) => input(n)));
    await until(async () => (await system.taken()).length >= 600, 'all are taken');
    await system.outboxEmpty();
    await second.ready();
    expect((await system.taken()).toSorted()).toEqual(numbers(600).toSorted());
    const said = (await system.read(OUT)).map(({ headers, value }) => `${String(headers['ce_id'])} ${String(value)}`);
    expect(new Set(said).size).toBe(600);
  },
  LONG_MS,
);

test(
  'Postgres ending its connections under load loses and doubles nothing',
  async () => {
    await using system = await storeSystem('eo-cut');
    await system.process();
    for (let cut = 0; cut < 5; cut++) {
      await system.publish(numbers(200, cut * 200).map((n) => input(n)));
      await system
        .rows(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        .catch(() => undefined); // the pool may hand out one that was just ended
    }
    await until(async () => (await system.taken()).length >= 1000, 'all are taken');
    await system.outboxEmpty();
    expect((await system.taken()).toSorted()).toEqual(numbers(1000).toSorted());
    expect(new Set(valuesOf(await system.read(OUT)))).toEqual(new Set(numbers(1000)));
    expect(system.fatal).toEqual([]);
  },
  LONG_MS,
);
