import { AppError } from '@lingquan/errors';
import type { TopicName } from '../catalogue.ts';

/** Where a group without a place begins. */
export type From<T extends TopicName = TopicName> =
  | 'beginning'
  | 'now'
  | Date
  /** ISO 8601 with Z or an offset, such as `2026-11-21T08:00:00+08:00`. */
  | (string & {})
  /** Offsets by topic and partition; partitions that are not named begin at their beginning. */
  | { offsets: { readonly [Topic in T]?: Readonly<Record<number, number>> } };

/** The same, read: topics with the system's prefix. */
export type Start =
  | { kind: 'beginning' }
  | { kind: 'now' }
  | { kind: 'instant'; ms: number }
  | { kind: 'offsets'; offsets: ReadonlyMap<string, ReadonlyMap<number, number>> };

/** One partition as the broker has it: the first offset that is there, the next to be written, and the first at or after the instant. */
export type PartitionEnds = { partition: number; low: number; high: number; atInstant?: number };

const WITH_ZONE = /(Z|[+-]\d{2}:?\d{2})$/i;

/** Throws `invalid` when `from` says no place, or one in a topic that is not subscribed. */
export function readFrom(from: From, prefix: string, topics: readonly string[]): Start {
  if (from === 'beginning') return { kind: 'beginning' };
  if (from === 'now') return { kind: 'now' };
  if (typeof from === 'string' || from instanceof Date) return { kind: 'instant', ms: instantOf(from) };
  if (typeof from !== 'object' || from === null || typeof from.offsets !== 'object' || from.offsets === null)
    throw unreadable();
  const other = Object.keys(from.offsets).find((topic) => !topics.includes(topic));
  if (other !== undefined) throw new AppError('invalid', `from names ${other}, which is not among the topics`);
  const offsets = Object.entries(from.offsets as Record<string, Record<number, number>>).map(
    ([topic, byPartition]) => [prefix + topic, partitionsOf(byPartition)] as const,
  );
  return { kind: 'offsets', offsets: new Map(offsets) };
}

function instantOf(from: Date | string): number {
  const ms = typeof from === 'string' ? (WITH_ZONE.test(from) ? Date.parse(from) : Number.NaN) : from.getTime();
  if (Number.isNaN(ms)) throw unreadable();
  return ms;
}

function partitionsOf(byPartition: Record<number, number>): Map<number, number> {
  const entries = Object.entries(byPartition).map(([partition, offset]) => [Number(partition), offset] as const);
  if (!entries.every(([partition, offset]) => isWhole(partition) && isWhole(offset))) throw unreadable();
  return new Map(entries);
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const unreadable = (): AppError =>
  new AppError(
    'invalid',
    "from must be 'beginning', 'now', a Date, an ISO 8601 instant with Z or an offset, or { offsets: { topic: { partition: offset } } }",
  );

/** The offset a partition is first read at. Throws `not_found` for an explicit offset that is not there. */
export function startOf(start: Start, topic: string, { partition, low, high, atInstant }: PartitionEnds): number {
  switch (start.kind) {
    case 'beginning':
      return low;
    case 'now':
      return high;
    case 'instant':
      return atInstant ?? high;
    case 'offsets': {
      const offset = start.offsets.get(topic)?.get(partition) ?? low;
      if (offset >= low && offset <= high) return offset;
      throw new AppError('not_found', `${topic}[${partition}] holds offsets ${low} to ${high}, not ${offset}`);
    }
    default:
      return start satisfies never;
  }
}

/** Throws `invalid` when `from` names a partition that a topic has not. */
export function requirePartitions(start: Start, topic: string, partitions: ReadonlyMap<number, unknown>): void {
  if (start.kind !== 'offsets') return;
  for (const partition of start.offsets.get(topic)?.keys() ?? [])
    if (!partitions.has(partition))
      throw new AppError(
        'invalid',
        `from names ${topic}[${partition}], but that topic has ${partitions.size} partitions`,
      );
}
