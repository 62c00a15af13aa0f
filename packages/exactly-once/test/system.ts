import { randomUUID } from 'node:crypto';
import { toHeaders } from '@lingquan/events';
import type { IncomingRecord, Kafka, OutgoingRecord } from '@lingquan/kafka';
import { databaseName, openStore } from '@lingquan/postgres';
import { isolate, until } from '@lingquan/test-kit';
import { Registry } from 'prom-client';
import { exactlyOnceMigrations, startProcessor } from '../src/index.ts';
import type { Decide, Processor } from '../src/index.ts';

/** The topic read (its dead letters beside it), and the topic written. */
export const IN = 'in';
export const OUT = 'out';

export const input = (value: string, key = value, partition?: number): OutgoingRecord => ({
  topic: IN,
  key,
  value: Buffer.from(value),
  headers: toHeaders({ id: randomUUID(), source: 'test', type: 'said', timeMs: 0 }),
  ...(partition === undefined ? {} : { partition }),
});

export const output = (value: string): OutgoingRecord => ({ ...input(value, 'same key'), topic: OUT });

export const valuesOf = (records: IncomingRecord[]): string[] => records.map(({ value }) => String(value));

/** A store with one table (`taken`, a row per record decided) and topics of its own, stopped and removed by `await using`. */
export async function storeSystem(name: string, { partitions = 4 } = {}) {
  const isolated = isolate(name);
  const { kafka, log } = isolated;
  await kafka.ensureTopics([
    { name: IN, partitions },
    { name: `${IN}.dlq`, partitions: 1 },
    { name: OUT, partitions: 1 },
    { name: 'coupon.journal', partitions: 1 },
  ]);
  const store = await openStore({
    url: isolated.env.POSTGRES_URL,
    database: databaseName(isolated.prefix, 'store'),
    migrations: [exactlyOnceMigrations],
    log,
  });
  await store.pool.query('create table taken (place int generated always as identity, value text not null)');
  const producer = kafka.producer();
  await until(() => producer.ready().then(() => true), 'the producer is connected');
  const started = new Set<Processor>();
  const fatal: Error[] = [];

  const rows = async <R extends object>(text: string, values: unknown[] = []): Promise<R[]> =>
    (await store.pool.query<R>(text, values)).rows;
  return {
    ...isolated,
    store,
    fatal,
    rows,
    producer,
    publish: producer.publish,
    taken: async () =>
      (await rows<{ value: string }>('select value from taken order by place')).map(({ value }) => value),
    read: (topic: string) => readAll(kafka, topic),
    outboxEmpty: () => until(async () => (await rows('select 1 from outbox')).length === 0, 'the outbox is empty'),
    /** Starts a processor of this store: by default it takes every record and says it again on OUT. */
    process: async (options: { decide?: Decide; journalSource?: string } = {}): Promise<Processor> => {
      const processor = await startProcessor({
        group: 'store',
        topics: [IN],
        kafka,
        store,
        log,
        metrics: new Registry(),
        decide: take,
        onFatal: (error) => void fatal.push(error),
        ...options,
      });
      started.add(processor);
      return {
        ...processor,
        stop: () => {
          started.delete(processor);
          return processor.stop();
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      for (const processor of started) await processor.stop();
      await producer.stop();
      await store.close();
      await isolated.remove();
    },
  };
}

export type StoreSystem = Awaited<ReturnType<typeof storeSystem>>;

/** Takes every record, and says it again. */
export const take: Decide = async (client, batches) => {
  const values = batches.flatMap(({ records }) => valuesOf(records));
  await client.query('insert into taken (value) select * from unnest($1::text[])', [values]);
  return batches.map(({ records }) => valuesOf(records).map(output));
};

async function readAll(kafka: Kafka, topic: string): Promise<IncomingRecord[]> {
  const all: IncomingRecord[] = [];
  await kafka.read(topic, ({ records }) => void all.push(...records));
  return all.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
}
