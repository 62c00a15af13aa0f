import type { Headers, ReceivedHeaders } from './headers.ts';
import type { Batch } from 'kafkajs';

/** A record to publish. Its key chooses the partition unless `partition` does; topics are named without the system's prefix. */
export type OutgoingRecord = {
  topic: string;
  partition?: number | undefined;
  key: Buffer | string;
  value: Buffer;
  headers: Headers;
};

/** A record as it came. Offsets fit a number: 2^53 records in one partition are out of reach. */
export type IncomingRecord = {
  topic: string;
  partition: number;
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: ReceivedHeaders;
};

/** Records of one partition in offset order, never empty. */
export type PartitionBatch = { topic: string; partition: number; records: IncomingRecord[] };

/** The same with the times at which they were written, as the broker keeps them: milliseconds since 1970 UTC. */
export type TimedBatch = { topic: string; partition: number; records: (IncomingRecord & { timestampMs: number })[] };

/** A batch of kafkajs's as ours, its topic without the system's prefix. */
export function toBatch(prefix: string, batch: Batch): TimedBatch {
  const topic = batch.topic.slice(prefix.length);
  const { partition } = batch;
  const records = batch.messages.map(({ offset, timestamp, key, value, headers }) => ({
    topic,
    partition,
    offset: Number(offset),
    timestampMs: Number(timestamp),
    key,
    value,
    headers: headers ?? {},
  }));
  return { topic, partition, records };
}
