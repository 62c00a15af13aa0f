import type { ReceivedHeaders } from '@lingquan/events';

/** One Kafka record as it stood in its topic, whose name is without the system's prefix. Structurally an IncomingRecord of @lingquan/kafka. */
export type Recorded = {
  topic: string;
  partition: number;
  offset: number;
  /** When it was written, as the broker keeps it: milliseconds since 1970 UTC. */
  timestampMs: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: ReceivedHeaders;
};

/** What there is of one partition. */
export type PartitionSummary = {
  topic: string;
  partition: number;
  count: number;
  firstOffset: number;
  lastOffset: number;
  /** The earliest and the latest time of its records. */
  firstMs: number;
  lastMs: number;
};

/** Part of one partition that a recording was asked for: offsets from `from` up to, not including, `to`; null: while it lasts. */
export type Range = { topic: string; partition: number; from: number; to: number | null };

/** What a recording says of itself, written before its first record. */
export type Meta = {
  /** When recording began, ISO 8601. */
  startedAt: string;
  /** What was asked for; a recording that was interrupted goes on with it. Empty when it was not made from topics. */
  ranges: Range[];
  /** When ranges without an end end, ISO 8601. */
  until?: string;
  /** Anything else its maker wants to keep. */
  note?: string;
};

/** What a finished recording says of itself at its end. */
export type Done = {
  finishedAt: string;
  records: number;
  /** See README: the same records give the same digest, however they were cut into blocks. */
  digest: string;
  partitions: (PartitionSummary & { digest: string })[];
};
