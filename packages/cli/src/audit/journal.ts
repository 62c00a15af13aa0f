import { startCheck } from './check.ts';
import type { CheckResult } from './check.ts';

/** One batch decided: offsets [first, last] of a partition. */
export type JournalLine = { sequence: number; topic: string; partition: number; first: number; last: number };

/** Where a partition begins and where the store stands in it. */
export type Stand = { topic: string; partition: number; low: number; position: number };

/** The order in which batches were decided. */
export type Journal = ReturnType<typeof startJournal>;

const partitionKey = (topic: string, partition: number): string => `${topic}[${partition}]`;

export function startJournal() {
  const bySequence = new Map<number, JournalLine>();
  const byPartition = new Map<string, JournalLine[]>();
  const check = startCheck('journal', '流水连续 the journal covers every offset, once');

  return {
    take(line: JournalLine): void {
      check.looked();
      const known = bySequence.get(line.sequence);
      if (known !== undefined) {
        // After a crash the relay publishes a line again; it must say the same.
        if (text(known) !== text(line)) check.found(`#${line.sequence}: ${text(known)} ≠ ${text(line)}`);
        return;
      }
      bySequence.set(line.sequence, line);
      const key = partitionKey(line.topic, line.partition);
      const lines = byPartition.get(key);
      if (lines === undefined) byPartition.set(key, [line]);
      else lines.push(line);
    },
    /** Sorts what was taken; call it once, before asking. */
    close(): void {
      for (const lines of byPartition.values()) lines.sort((a, b) => a.first - b.first);
    },
    /** The number of the batch that decided an offset. */
    sequenceOf: (topic: string, partition: number, offset: number): number | undefined =>
      lineAt(byPartition.get(partitionKey(topic, partition)) ?? [], offset)?.sequence,
    /** Compares what was decided with where the store stands. */
    result(stands: Stand[]): CheckResult {
      for (const stand of stands) {
        const lines = byPartition.get(partitionKey(stand.topic, stand.partition)) ?? [];
        for (const gap of gaps(lines, stand)) check.found(gap);
      }
      return check.result();
    },
  };
}

const text = ({ topic, partition, first, last }: JournalLine): string => `${topic}[${partition}]@${first}–${last}`;

function gaps(lines: JournalLine[], { topic, partition, low, position }: Stand): string[] {
  const found: string[] = [];
  let next = low;
  lines.forEach((line, place) => {
    // Retention may have taken away the records of the oldest lines.
    if (place > 0 ? line.first !== next : line.first > next)
      found.push(`#${line.sequence} ${text(line)}: 应从 ${next} 开始 should begin at ${next}`);
    next = line.last + 1;
  });
  if (next !== position)
    found.push(
      `${topic}[${partition}]: 流水到 ${next}，存储到 ${position} journal ends at ${next}, the store stands at ${position}`,
    );
  return found;
}

/** Binary search: lines are sorted and do not overlap. */
function lineAt(lines: JournalLine[], offset: number): JournalLine | undefined {
  let [low, high] = [0, lines.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const line = lines[middle]!;
    if (offset < line.first) high = middle - 1;
    else if (offset > line.last) low = middle + 1;
    else return line;
  }
  return undefined;
}
