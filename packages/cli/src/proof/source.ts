import type { ReceivedHeaders } from '@lingquan/events';
import type { Ends } from './spans.ts';

/** A record as topics and recordings both have it. */
export type ProofRecord = {
  topic: string;
  partition: number;
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: ReceivedHeaders;
};

/** Where a record stands. */
export type RecordPlace = { topic: string; partition: number; offset: number };

/** What is proven from: topics, or a recording of them. Topics are named without the system's prefix. */
export type Source = {
  /** What it is, for people. */
  name: string;
  /** Where the topic's partitions begin and end now; undefined when there is no such topic. */
  ends: (topic: string) => Promise<Ends[] | undefined>;
  /** Hands out every record of the topic up to `ends` in batches of one partition, each partition in its order. */
  read: (topic: string, ends: Ends[], take: (records: ProofRecord[]) => void) => Promise<void>;
  /** These records, in whatever order; those that are not there are left out. */
  at: (places: RecordPlace[]) => Promise<ProofRecord[]>;
  /** Until when the source knows what happened: now for topics, its last record for a recording. */
  untilMs: () => number;
  close: () => Promise<void>;
};
