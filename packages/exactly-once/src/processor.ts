import { deadLetterTopic } from '@lingquan/events';
import type { IncomingRecord, Kafka, OutgoingRecord, PartitionBatch } from '@lingquan/kafka';
import type { Log } from '@lingquan/log';
import { inTransaction } from '@lingquan/postgres';
import type { Last, Store } from '@lingquan/postgres';
import type { PoolClient } from 'pg';
import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { UnknownPartition, lockPositions, movePositions, spanOf } from './batch.ts';
import { deadLetter } from './dead-letter.ts';
import { enqueue } from './outbox.ts';
import type { OutboxRow, Saying } from './outbox.ts';
import { preparePositions } from './positions.ts';
import { startRelay } from './relay.ts';

/**
 * Decides the batches of one round inside `client`'s transaction, in their order, and returns what each has to say to
 * Kafka (one list per batch). Its last writes go to `last`, unawaited. Must not throw for bad data: that becomes a dead letter among the records returned.
 */
export type Decide = (client: PoolClient, batches: PartitionBatch[], last: Last) => Promise<OutgoingRecord[][]>;

export type ProcessorOptions = {
  /** The consumer group, without the system's prefix. */
  group: string;
  /** Batches of one round are decided in this order of topics, then by partition. */
  topics: string[];
  /** See the consumer's option: for stores nobody waits for. */
  gatherMs?: number;
  kafka: Kafka;
  store: Store;
  log: Log;
  metrics: Registry;
  decide: Decide;
  /** Writes the order in which batches were decided to coupon.journal, under this `ce_source`. */
  journalSource?: string;
  /** Called after a round's transaction is committed. */
  onCommitted?: () => void;
  onFatal: (error: Error) => void;
};

export type Processor = {
  /** Runs `work` in a transaction of its own and publishes what it says: for changes that no batch caused. */
  say: (work: (client: PoolClient) => Promise<OutgoingRecord[]>) => Promise<void>;
  ready: () => Promise<void>;
  stop: () => Promise<void>;
};

/**
 * The exactly-once batch consumer: each round is one transaction that moves its positions, decides in memory, writes the
 * outcome and the outbox; one relay per store publishes. Killed anywhere, it takes up where the store says it stands.
 */
export async function startProcessor(options: ProcessorOptions): Promise<Processor> {
  const { group, topics, kafka, store, log, decide, journalSource } = options;
  await preparePositions(store.pool, kafka, topics);
  const measure = instruments(options.metrics);
  const producer = kafka.producer();
  const relay = startRelay({ url: store.url, producer, log, journalSource });

  const inTurn = (a: PartitionBatch, b: PartitionBatch) =>
    topics.indexOf(a.topic) - topics.indexOf(b.topic) || a.partition - b.partition;

  async function settle(batches: PartitionBatch[], decideThese: Decide): Promise<void> {
    let rows: OutboxRow[] = [];
    await inTransaction(store.pool, async (client, last) => {
      const fresh = (await lockPositions(client, batches)).toSorted(inTurn);
      if (fresh.length === 0) return;
      const published = await decideThese(client, fresh, last);
      const spans = fresh.map(spanOf);
      last(movePositions(client, spans));
      const sayings = spans.map((span, place): Saying => ({ span, records: published[place] ?? [] }));
      // A journalled store says of every batch when its turn was; others only speak when there is something to say.
      const said = journalSource === undefined ? sayings.filter(({ records }) => records.length > 0) : sayings;
      last(enqueue(client, said).then((written) => (rows = written)));
    });
    if (rows.length > 0) relay.offer(rows);
    measure.deadLetters(rows);
    options.onCommitted?.();
  }

  const consumer = await kafka.consume({
    group,
    topics,
    ...(options.gatherMs === undefined ? {} : { gatherMs: options.gatherMs }),
    onRound: async (batches) => {
      const done = measure.begin(batches);
      await settle(batches, decide).catch(async (error: unknown) => {
        if (error instanceof UnknownPartition) await preparePositions(store.pool, kafka, topics);
        throw error; // and the round is tried again
      });
      done();
    },
    onPoison: async (record: IncomingRecord, error) => {
      const { topic, partition } = record;
      await settle([{ topic, partition, records: [record] }], async () => [[deadLetter(record, error)]]);
    },
    onFatal: options.onFatal,
  });

  return {
    say: async (work) => {
      const rows = await inTransaction(store.pool, async (client) => {
        const records = await work(client);
        return enqueue(client, records.length === 0 ? [] : [{ span: undefined, records }]);
      });
      if (rows.length > 0) relay.offer(rows);
    },
    ready: async () => {
      await Promise.all([consumer.ready(), relay.ready(), producer.ready()]);
      await store.pool.query('select 1');
    },
    stop: async () => {
      await consumer.stop();
      await relay.stop();
      await producer.stop();
    },
  };
}

function instruments(registry: Registry) {
  const registers = [registry];
  const records = new Counter({
    name: 'lingquan_records_total',
    help: 'Records taken, by topic',
    labelNames: ['topic'],
    registers,
  });
  const deadLetters = new Counter({
    name: 'lingquan_dead_letters_total',
    help: 'Records put aside because they cannot be handled',
    labelNames: ['topic'],
    registers,
  });
  const seconds = new Histogram({
    name: 'lingquan_round_seconds',
    help: 'From a round of batches to its commit',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  return {
    begin: (batches: PartitionBatch[]) => {
      const end = seconds.startTimer();
      return () => {
        end();
        for (const { topic, records: taken } of batches) records.inc({ topic }, taken.length);
      };
    },
    deadLetters: (rows: OutboxRow[]) => {
      for (const { span, records: said } of rows) {
        if (span === undefined) continue;
        const letters = deadLetterTopic(span.topic);
        const aside = said.filter(({ topic }) => topic === letters).length;
        if (aside > 0) deadLetters.inc({ topic: span.topic }, aside);
      }
    },
  };
}
