import { decode, topics } from '@lingquan/events';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import type { Recording } from '@lingquan/recording';

/** Records of one partition that were decided and are not in the recording: offsets from `from` up to, not including, `to`. */
export type Missing = { topic: string; partition: number; from: number; to: number };

/** Where the recording of a partition begins: at its first record, or where it was asked to when there is none. */
export function beginOf({ partitions, meta }: Recording, topic: string, partition: number): number {
  const isIt = (one: { topic: string; partition: number }) => one.topic === topic && one.partition === partition;
  return partitions.find(isIt)?.firstOffset ?? meta.ranges.find(isIt)?.from ?? 0;
}

/**
 * What a recording lacks of the turns before its first ones, and of these; nothing when it begins at the beginning.
 *
 * A store's first turn has the number 1: a journal that begins with it is whole, wherever topics began then. Any other is so only as far
 * as offset 0 goes: a topic has nothing before that. Numbers and offsets are not counted: rounds that were rolled back leave gaps in the one,
 * deleted and compacted records in the other.
 */
export async function missingBefore(recording: Recording): Promise<Missing[]> {
  const journal = topics.couponJournal.name;
  const missing: Missing[] = [];
  const met = new Set<string>();
  let whole: boolean | undefined;
  for await (const lines of recording.read({ topics: [journal] })) {
    for (const { offset, value } of lines) {
      const { sequence, topic, partition, firstOffset } = decode(JournalEntrySchema, value);
      if (whole === undefined) {
        whole = sequence === 1n;
        if (!whole && offset > 0) missing.push({ topic: journal, partition: 0, from: 0, to: offset });
      }
      const place = `${topic}/${partition}`;
      if (met.has(place)) continue;
      met.add(place);
      const from = whole ? Number(firstOffset) : 0;
      const to = Math.max(Number(firstOffset), beginOf(recording, topic, partition));
      if (from < to) missing.push({ topic, partition, from, to });
    }
  }
  return missing;
}

const SHOWN_MAX = 6;

/** Such as `coupon.journal[0]@0–119, wechat.inbound[3]@0–44 …`. */
export const missingText = (missing: readonly Missing[]): string =>
  missing
    .slice(0, SHOWN_MAX)
    .map(({ topic, partition, from, to }) => `${topic}[${partition}]@${from}–${to - 1}`)
    .join(', ') + (missing.length > SHOWN_MAX ? ` … (+${missing.length - SHOWN_MAX})` : '');
