import { AppError, messageOf } from '@lingquan/errors';
import { topics } from '@lingquan/events';
import { headOf } from './head.ts';
import type { ProofRecord, Source } from './source.ts';
import type { Ends } from './spans.ts';

/** Progress: records read of those there are, over all topics. */
export type OnRead = (topic: string, done: number, of: number) => void;

const proven = [
  topics.couponJournal,
  topics.couponCommands,
  topics.couponEvents,
  topics.paymentEvents,
  topics.wechatInbound,
].map(({ name }) => name);

export type Reading = Awaited<ReturnType<typeof openReading>>;

const sizeOf = (ends: readonly Ends[] | undefined): number =>
  (ends ?? []).reduce((sum, { low, high }) => sum + high - low, 0);

/** Reads topics one after the other and remembers what there was of each. Rejects with `not_found` when there are no coupon events. */
export async function openReading(source: Source, onRead: OnRead) {
  const known: Record<string, Ends[]> = {};
  // The journal's end first: whatever it speaks of is then within the ends of the others.
  for (const topic of proven) {
    const ends = await source.ends(topic);
    if (ends !== undefined) known[topic] = ends;
  }
  if (known[topics.couponEvents.name] === undefined || known[topics.couponJournal.name] === undefined)
    throw new AppError(
      'not_found',
      `${source.name}: 没有 coupon.events 和 coupon.journal · there are no coupon.events and coupon.journal`,
    );
  const endsAtFirst = { ...known };
  const kept = new Map<string, number>();
  let done = 0;
  let unreadable = 0;

  /** Remembers from when on a topic holds everything, whose oldest records are gone, by the first record of a batch. */
  function noteKept(topic: string, record: ProofRecord): void {
    const { low } = known[topic]!.find(({ partition }) => partition === record.partition)!;
    if (low === 0 || record.offset !== low) return;
    kept.set(topic, Math.max(kept.get(topic) ?? -Infinity, timeOf(record)));
  }

  return {
    endsAtFirst,
    isThere: (topic: string): boolean => known[topic] !== undefined,
    /** Whether the topic was read from its very beginning. */
    isWhole: (topic: string): boolean => (known[topic] ?? []).every(({ low }) => low === 0),
    /** From here on every record of the topic is there; -Infinity when nothing is gone. */
    keptFromMs: (topic: string): number => {
      const emptied = (known[topic] ?? []).some(({ low, high }) => low > 0 && low === high);
      return emptied ? Infinity : (kept.get(topic) ?? -Infinity);
    },
    size: (topic: string): number => sizeOf(known[topic]),
    done: () => done,
    /** Records that nobody could read, and that nobody else was told of. */
    unreadable: () => unreadable,
    /** Whether a record lies within what was read, rather than after it. */
    wasRead: (topic: string, partition: number, offset: number): boolean =>
      known[topic]?.some((end) => end.partition === partition && offset < end.high) ?? false,
    /** Hands out every record of the topic; one that `take` throws on goes to `onUnreadable`, by default it is counted as a dead letter. */
    async read(
      topic: string,
      take: (record: ProofRecord) => void,
      onUnreadable: (where: string, why: string) => void = () => void (unreadable += 1),
    ): Promise<void> {
      if (known[topic] === undefined) return;
      if (topic !== topics.couponJournal.name) known[topic] = (await source.ends(topic)) ?? known[topic];
      const total = () => proven.reduce((sum, one) => sum + sizeOf(known[one]), 0);
      await source.read(topic, known[topic], (records) => {
        if (records.length > 0) noteKept(topic, records[0]!);
        for (const record of records) {
          try {
            take(record);
          } catch (error) {
            onUnreadable(`${topic}[${record.partition}]@${record.offset}`, messageOf(error));
          }
        }
        done += records.length;
        onRead(topic, done, total());
      });
    },
  };
}

/** When a record says it happened; the beginning of time when it does not say. */
function timeOf({ headers }: ProofRecord): number {
  try {
    return headOf(headers).timeMs;
  } catch {
    return -Infinity; // unreadable, and told as such by whoever takes it
  }
}
