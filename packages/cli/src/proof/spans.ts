import { startCheck } from '../audit/check.ts';
import type { CheckResult } from '../audit/check.ts';
import type { JournalLine } from '../audit/journal.ts';
import { bytesOf, doubles, words } from './columns.ts';

/** Where a partition's records begin and end: [low, high). */
export type Ends = { partition: number; low: number; high: number };

/** A place in the order in which things were decided: 0 is the first record that ever had its turn. */
export type Rank = number;

export type Spans = ReturnType<typeof startSpans>;

/**
 * The journal as the order of everything decided. Batches are numbered under the locks of what they touch, so among batches that touch
 * the same campaign or coupon the numbers tell which came first; within a batch it is the offsets. Laid end to end in the order of their
 * numbers, the batches give every record one rank. Keeps 28 bytes a line.
 */
export function startSpans(ends: Readonly<Record<string, Ends[]>>, journalIsWhole: boolean) {
  const check = startCheck('journal', '流水连续 the journal covers every offset once, in its order');
  const partitions: { topic: string; partition: number; lines: number[]; next: number | undefined; cursor: number }[] =
    [];
  const slots = new Map<string, number>();
  const sequence = doubles();
  const slot = words();
  const first = doubles();
  const last = doubles();
  const base = doubles();
  /** The partition asked for last: records come many of one after the other. */
  let asked: (typeof partitions)[number] | undefined;
  let order = new Uint32Array();
  let count = 0;
  let total = 0;
  let again = 0;

  function slotOf(topic: string, partition: number): number {
    const key = `${topic}[${partition}]`;
    const known = slots.get(key);
    if (known !== undefined) return known;
    slots.set(key, partitions.length);
    partitions.push({ topic, partition, lines: [], next: undefined, cursor: 0 });
    return partitions.length - 1;
  }

  const text = (line: number): string => {
    const { topic, partition } = partitions[slot.get(line)]!;
    return `#${sequence.get(line)} ${topic}[${partition}]@${first.get(line)}–${last.get(line)}`;
  };

  const same = (a: number, b: number): boolean =>
    slot.get(a) === slot.get(b) && first.get(a) === first.get(b) && last.get(a) === last.get(b);

  /** Whether a line, the next of its partition in the journal's order, goes on where the one before it ended. */
  function follows(line: number): boolean {
    const one = partitions[slot.get(line)]!;
    const known = ends[one.topic]?.find(({ partition }) => partition === one.partition);
    const [from, to] = [first.get(line), last.get(line)];
    if (known === undefined || from > to || to >= known.high) {
      check.found(`${text(line)}: 没有这些位移 there are no such offsets`);
      return false;
    }
    // Retention may have taken away the records of the oldest lines, and a journal that begins later its own first lines.
    const begins = one.next ?? (journalIsWhole ? Math.min(known.low, from) : from);
    if (one.next === undefined && journalIsWhole && from > known.low)
      check.found(`${text(line)}: 流水缺头 the journal should begin at ${known.low}`);
    else if (from > begins) check.found(`${text(line)}: 缺口 a gap, ${begins}–${from - 1} had no turn`);
    else if (from < begins)
      check.found(`${text(line)}: 重叠 an overlap, ${from}–${Math.min(to, begins - 1)} had a turn before`);
    one.next = Math.max(begins, to + 1);
    return true;
  }

  /** The lines in the order of their numbers; those of one number are one after the other. */
  function sorted(): Uint32Array<ArrayBuffer> {
    const lines = Uint32Array.from({ length: count }, (_, line) => line);
    let rising = true;
    for (let line = 1; line < count && rising; line++) rising = sequence.get(line - 1) < sequence.get(line);
    return rising ? lines : lines.toSorted((a, b) => sequence.get(a) - sequence.get(b) || a - b);
  }

  return {
    take(line: JournalLine): void {
      check.looked();
      sequence.set(count, line.sequence);
      slot.set(count, slotOf(line.topic, line.partition));
      first.set(count, line.first);
      last.set(count++, line.last);
    },
    unreadable: (place: string, why: string) => check.found(`${place}: ${why}`),
    /** Lays the batches end to end; call it once, when every line was taken and before asking. */
    close(): void {
      const lines = sorted();
      let kept = 0;
      for (const line of lines) {
        const before = kept > 0 ? lines[kept - 1]! : undefined;
        if (before !== undefined && sequence.get(before) === sequence.get(line)) {
          again += 1; // after a crash the relay publishes a line again; it must say the same
          if (!same(before, line)) check.found(`${text(line)} ≠ ${text(before)}`);
        } else if (follows(line)) lines[kept++] = line;
      }
      order = lines.subarray(0, kept);
      for (const line of order) {
        base.set(line, total);
        total += last.get(line) - first.get(line) + 1;
        partitions[slot.get(line)]!.lines.push(line);
      }
      for (const { lines: own } of partitions) own.sort((a, b) => first.get(a) - first.get(b));
    },
    /** How many records had their turn. */
    total: () => total,
    publishedAgain: () => again,
    /** A record's rank; undefined when it had no turn yet. Quick when offsets of a partition are asked for in their order. */
    rankOf(topic: string, partition: number, offset: number): Rank | undefined {
      if (asked?.topic !== topic || asked.partition !== partition)
        asked = partitions[slots.get(`${topic}[${partition}]`) ?? -1];
      const one = asked;
      if (one === undefined) return undefined;
      const { lines, cursor } = one;
      const holds = (place: number) => {
        const line = lines[place];
        return line !== undefined && offset >= first.get(line) && offset <= last.get(line);
      };
      if (!holds(cursor))
        one.cursor = holds(cursor + 1) ? cursor + 1 : lastWhere(lines, (line) => first.get(line) <= offset);
      return holds(one.cursor) ? base.get(lines[one.cursor]!) + offset - first.get(lines[one.cursor]!) : undefined;
    },
    /** The number of the batch in which a rank was decided. */
    sequenceAt(rank: Rank): number {
      return sequence.get(order[lastWhere(order, (line) => base.get(line) <= rank)]!);
    },
    bytes: () => bytesOf([sequence, slot, first, last, base]) + order.byteLength,
    result: (): CheckResult => check.result(),
  };
}

/** The last place where it still holds, of what holds up to some place; 0 when it holds nowhere. */
function lastWhere(lines: ArrayLike<number>, holds: (line: number) => boolean): number {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(lines[middle]!)) low = middle;
    else high = middle - 1;
  }
  return low;
}
