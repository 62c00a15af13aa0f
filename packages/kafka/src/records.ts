import type { Headers, ReceivedHeaders } from './headers.ts';

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
