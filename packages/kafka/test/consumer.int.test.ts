import { expect, test } from '@jest/globals';
import { AppError } from '@lingquan/errors';
import { PositionGap } from '../src/index.ts';
import type { ConsumerOptions, Kafka, PartitionBatch } from '../src/index.ts';
import { brokerProxy } from './broker-proxy.ts';
import { brokers, kept, record, topicSystem, until } from './system.ts';

const LONG_MS = 60_000;
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, n) => String(from + n));

/** A consumer that keeps what it was given; `onRound` may look at a round first. */
async function collect(kafka: Kafka, topic: string, { onRound, ...more }: Partial<ConsumerOptions> = {}) {
  const taken: string[] = [];
  const aside: string[] = [];
  const fatal: Error[] = [];
  const rounds: PartitionBatch[][] = [];
  const consumer = await kafka.consume({
    group: 'g',
    topics: [topic],
    onRound: async (batches) => {
      await onRound?.(batches);
      rounds.push(batches);
      taken.push(...batches.flatMap(({ records }) => records.map(({ value }) => String(value))));
    },
    onPoison: async ({ value }) => void aside.push(String(value)),
    onFatal: (error) => void fatal.push(error),
    ...more,
  });
  return { ...consumer, taken, aside, fatal, rounds };
}

async function publishAll(kafka: Kafka, topic: string, values: string[]): Promise<void> {
  const producer = kafka.producer();
  await until(() => kept(producer.ready()), 'the producer is connected');
  await producer.publish(values.map((value) => record(topic, value, value)));
  await producer.stop();
}

test('partitions are handed over together, each in its order', async () => {
  await using system = await topicSystem('rounds', 4);
  await publishAll(system.kafka, system.topic, numbers(400));
  const reader = await collect(system.kafka, system.topic);
  await until(() => reader.taken.length === 400, 'all is read');
  expect(reader.rounds[0]!.length).toBeGreaterThan(1);
  for (const batch of reader.rounds.flat()) {
    const offsets = batch.records.map(({ offset }) => offset);
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
  }
  await reader.ready();
  await reader.stop();
});

test('a poisonous record is put aside alone, and the next ones are read', async () => {
  await using system = await topicSystem('poison', 1);
  await publishAll(system.kafka, system.topic, ['a', 'bad', 'b']);
  const reader = await collect(system.kafka, system.topic, {
    onRound: async (batches) => {
      if (batches.some(({ records }) => records.some(({ value }) => String(value) === 'bad')))
        throw new TypeError('bad');
    },
  });
  await until(() => reader.taken.length === 2, 'the good ones are read');
  await publishAll(system.kafka, system.topic, ['c']);
  await until(() => reader.taken.length === 3, 'the next one is read');
  expect([reader.taken, reader.aside, reader.fatal]).toEqual([['a', 'b', 'c'], ['bad'], []]);
  await reader.stop();
});

test('when the store was put back, the partition is read again from where it stands', async () => {
  await using system = await topicSystem('gap', 1);
  await publishAll(system.kafka, system.topic, numbers(10));
  let position = 0;
  const reader = await collect(system.kafka, system.topic, {
    onRound: async ([batch]) => {
      if (batch!.records[0]!.offset > position) throw new PositionGap(system.topic, 0, position);
      position = batch!.records.at(-1)!.offset + 1;
    },
  });
  await until(() => reader.taken.length === 10, 'all is read');
  position = 3;
  await publishAll(system.kafka, system.topic, ['10']);
  await until(() => reader.taken.length >= 18, 'the rest is read again');
  expect(reader.taken).toEqual([...numbers(10), ...numbers(8, 3)]);
  expect(reader.fatal).toEqual([]);
  await reader.stop();
});

test('records that are gone for good are fatal, not passed over', async () => {
  await using system = await topicSystem('gone', 1);
  await publishAll(system.kafka, system.topic, numbers(10));
  const reader = await collect(system.kafka, system.topic, {
    onRound: async () => {
      throw new PositionGap(system.topic, 0, 5);
    },
  });
  await until(() => reader.fatal.length > 0, 'it is fatal');
  expect(reader.fatal[0]!.message).toContain('is not in kafka any more');
  await reader.stop();
});

test(
  'a dead letter that cannot be written ends the process rather than lose the record',
  async () => {
    await using system = await topicSystem('fatal', 1);
    await publishAll(system.kafka, system.topic, ['bad']);
    const reader = await collect(system.kafka, system.topic, {
      onRound: async () => {
        throw new AppError('internal', 'cannot');
      },
      onPoison: async () => {
        throw new AppError('internal', 'neither');
      },
    });
    await until(() => reader.fatal.length > 0, 'it is fatal');
    expect(reader.fatal[0]!.message).toContain('cannot be written');
    await reader.stop();
  },
  LONG_MS,
);

test(
  'a broker that goes away and comes back: everything is read, and the waiting starts by itself',
  async () => {
    await using system = await topicSystem('away', 2);
    const proxy = await brokerProxy(brokers[0]!);
    const reader = await collect(system.connect([proxy.address]), system.topic);
    await publishAll(system.kafka, system.topic, numbers(50));
    await until(() => new Set(reader.taken).size === 50, 'the first are read');
    await proxy.cut();
    await publishAll(system.kafka, system.topic, numbers(50, 50));
    expect(new Set(reader.taken).size).toBe(50);
    await proxy.restore();
    await until(() => new Set(reader.taken).size === 100, 'the rest are read', 40_000);
    expect(reader.fatal).toEqual([]);
    await reader.stop();
    await proxy.cut();
  },
  LONG_MS,
);

test(
  'a consumer that starts before its broker waits for it',
  async () => {
    await using system = await topicSystem('early', 1);
    await publishAll(system.kafka, system.topic, ['a']);
    const proxy = await brokerProxy(brokers[0]!);
    await proxy.cut();
    const starting = collect(system.connect([proxy.address]), system.topic);
    await proxy.restore();
    const reader = await starting;
    await until(() => reader.taken.length === 1, 'it is read');
    expect(reader.taken).toEqual(['a']);
    await reader.stop();
    await proxy.cut();
  },
  LONG_MS,
);

test(
  'a consumer that starts while its broker knows no coordinator of groups yet waits for it',
  async () => {
    await using system = await topicSystem('no-coordinator', 1);
    await publishAll(system.kafka, system.topic, ['a']);
    const proxy = await brokerProxy(brokers[0]!);
    proxy.refuseCoordinator(3);
    const reader = await collect(system.connect([proxy.address]), system.topic);
    await until(() => reader.taken.length === 1, 'it is read');
    expect(reader.fatal).toEqual([]);
    await reader.stop();
    await proxy.cut();
  },
  LONG_MS,
);

test('one partition can be taken alone', async () => {
  await using system = await topicSystem('only', 3);
  const producer = system.kafka.producer();
  await until(() => kept(producer.ready()), 'the producer is connected');
  await producer.publish([0, 1, 2].map((partition) => ({ ...record(system.topic, `p${partition}`), partition })));
  const reader = await collect(system.kafka, system.topic, { onlyPartition: 1 });
  await producer.publish([0, 1, 2].map((partition) => ({ ...record(system.topic, `q${partition}`), partition })));
  await until(() => reader.taken.length === 2, 'its records are read');
  expect(reader.taken).toEqual(['p1', 'q1']);
  await producer.stop();
  await reader.stop();
});
