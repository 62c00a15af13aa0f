import { deadLetter } from '@lingquan/exactly-once';
import type { IncomingRecord, OutgoingRecord, PartitionBatch } from '@lingquan/kafka';

/** A record read, or the dead letter it becomes. */
export type Read<T> = { value: T } | { dead: OutgoingRecord };

/** Reads a batch's records; one that `read` throws on is a dead letter, alone. */
export const readBatch = <T>(batch: PartitionBatch, read: (record: IncomingRecord) => T): Read<T>[] =>
  batch.records.map((record) => {
    try {
      return { value: read(record) };
    } catch (error) {
      return { dead: deadLetter(record, error) };
    }
  });

/** What could be read. */
export const valuesOf = <T>(read: Read<T>[]): T[] => read.flatMap((one) => ('value' in one ? [one.value] : []));
