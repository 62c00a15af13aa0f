import { AppError } from '@lingquan/errors';
import { decode, topics } from '@lingquan/events';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import type { Recorded, Recording } from '@lingquan/recording';
import { beginOf } from './beginning.ts';

/** One batch as it was decided: its place in coupon.journal, and its records. */
export type Turn = { journalOffset: number; topic: string; partition: number; records: Recorded[] };

/** The next offset of a partition. */
export type Position = { topic: string; partition: number; offset: number };

/** Where a replay stands: the next line of the journal, and of each partition by `placeOf`. */
export type Stand = { journalOffset: number; positions: ReadonlyMap<string, Position> };

export const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/**
 * The recorded batches in the order in which they were decided, from `stand` on. Lines that the relay published twice count once. Ends
 * with the journal, or at the first batch that was not recorded to its end. Throws `invalid` when the journal has a gap.
 *
 * With `fromMiddle` a partition begins with its first turn, or with what was recorded of it: what was recorded before that was decided before.
 */
export async function* turnsOf(
  recording: Recording,
  stand: Stand,
  { fromMiddle }: { fromMiddle: boolean },
): AsyncGenerator<Turn, void> {
  const positions = new Map([...stand.positions].map(([place, { offset }]) => [place, offset]));
  const cursors = new Map<string, Cursor>();
  const journal = recording.read({ topics: [topics.couponJournal.name], fromOffset: stand.journalOffset });
  for await (const lines of journal) {
    for (const { offset: journalOffset, value } of lines) {
      if (journalOffset < stand.journalOffset) continue;
      const { topic, partition, firstOffset, lastOffset } = decode(JournalEntrySchema, value);
      const place = placeOf(topic, partition);
      const there = recording.partitions.find((one) => one.topic === topic && one.partition === partition);
      const last = Number(lastOffset);
      const begin = beginOf(recording, topic, partition);
      const position = positions.get(place) ?? (fromMiddle ? Math.max(begin, Number(firstOffset)) : begin);
      if (last < position) continue; // published twice, or decided before the recording begins
      if (there === undefined || there.lastOffset < last) return;
      if (Number(firstOffset) > position)
        throw new AppError(
          'invalid',
          `coupon.journal leaves out ${topic}[${partition}]@${position}–${firstOffset - 1n}`,
        );
      let cursor = cursors.get(place);
      if (cursor === undefined) cursors.set(place, (cursor = startCursor(recording, topic, partition, position)));
      const records = await cursor(last);
      if (records[0]?.offset !== position || records.at(-1)?.offset !== last)
        throw new AppError('invalid', `the recording lacks records of ${topic}[${partition}]@${position}–${last}`);
      positions.set(place, last + 1);
      yield { journalOffset, topic, partition, records };
    }
  }
}

/** Gives the records of one partition up to an offset, each once. */
type Cursor = (lastOffset: number) => Promise<Recorded[]>;

function startCursor(recording: Recording, topic: string, partition: number, from: number): Cursor {
  const batches = recording.read({ topics: [topic], partition, fromOffset: from });
  let batch: Recorded[] = [];
  let at = 0;
  return async (lastOffset) => {
    const taken: Recorded[] = [];
    for (;;) {
      for (; at < batch.length && batch[at]!.offset <= lastOffset; at++)
        if (batch[at]!.offset >= from) taken.push(batch[at]!);
      if (at < batch.length) return taken;
      if (taken.at(-1)?.offset === lastOffset) return taken;
      const next = await batches.next();
      if (next.done === true) return taken;
      batch = next.value;
      at = 0;
    }
  };
}

/** Turns gathered until there are about `recordsMax` records, so that one transaction pays for many. */
export async function* roundsOf(turns: AsyncIterable<Turn>, recordsMax: number): AsyncGenerator<Turn[], void> {
  let round: Turn[] = [];
  let records = 0;
  for await (const turn of turns) {
    round.push(turn);
    records += turn.records.length;
    if (records < recordsMax) continue;
    yield round;
    round = [];
    records = 0;
  }
  if (round.length > 0) yield round;
}
