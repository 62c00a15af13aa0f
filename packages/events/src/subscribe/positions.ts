import { AppError } from '@lingquan/errors';
import type { Admin } from 'kafkajs';
import type { TopicName } from '../catalogue.ts';
import { requirePartitions, startOf } from './from.ts';
import type { PartitionEnds } from './from.ts';
import type { LostEvents, Settings } from './options.ts';

export type Place = { topic: string; partition: number; offset: number };

/** Writes the group's place. */
export type Commit = (places: Place[]) => Promise<void>;

/** What a batch's first offset means. */
export type Arrival = { kind: 'next' } | { kind: 'seek'; offset: number };

/** Kafka's marks in place of an offset: none committed, and "the beginning" (kafkajs writes it when an offset was out of range). */
const NONE = -1;

const keyOf = (topic: string, partition: number): string => `${topic}[${partition}]`;

/**
 * The place of a group in each partition: where one without a place begins, that the place is written before the first event is handed over
 * (so that a restart begins there too), and that nothing the topic no longer holds is passed over unnoticed.
 */
export async function openPositions(admin: Admin, settings: Settings) {
  const { group, topics, start, prefix } = settings;
  const starts = new Map<string, number>();
  const known = new Map<string, number>();
  let expected = new Map<string, number>();

  async function committed(): Promise<Place[]> {
    const byTopic = await admin.fetchOffsets({ groupId: group, topics });
    return byTopic.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })),
    );
  }

  const endsOf = async (topic: string): Promise<Map<number, PartitionEnds>> =>
    new Map(
      (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => [
        partition,
        { partition, low: Number(low), high: Number(high) },
      ]),
    );

  /** Offsets by topic and partition of what is at or after the instant. */
  async function atInstant(topic: string): Promise<Map<number, number>> {
    if (start.kind !== 'instant') return new Map();
    const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, start.ms);
    return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Tells of a loss; returns the error to end with when nobody wants to go on without these events. */
  function loss(topic: string, partition: number, from: number, to: number): AppError | undefined {
    const lost: LostEvents = { topic: topic.slice(prefix.length) as TopicName, partition, from, to };
    if (settings.onLost === undefined)
      return new AppError(
        'not_found',
        `${keyOf(topic, partition)} no longer holds offsets ${from} to ${to - 1}, which the group ${group} has not read: ` +
          'say with onLost that it may go on without them, or begin with another group',
      );
    try {
      settings.onLost(lost);
      return undefined;
    } catch (cause) {
      return new AppError('internal', 'onLost threw', { cause });
    }
  }

  /**
   * The place to read at, given what the group has written and what the partition holds. "The beginning" is what kafkajs writes when the
   * place was gone: where that was is no longer known.
   */
  function placeOf(topic: string, written: number, { partition, low }: PartitionEnds): number {
    const key = keyOf(topic, partition);
    if (written === NONE) return start.kind === 'beginning' ? low : (starts.get(key) ?? low);
    return Math.max(written, known.get(key) ?? 0);
  }

  /** Where to read after what is lost. Throws, with the place written again so that the next start finds the same, when that is an end. */
  async function within(
    topic: string,
    place: number,
    { partition, low, high }: PartitionEnds,
    rewrite: Commit,
  ): Promise<number> {
    if (place > high)
      throw new AppError(
        'not_found',
        `${keyOf(topic, partition)} holds offsets up to ${high}, the group ${group} stands at ${place}: the topic was made anew; begin with another group`,
      );
    if (place >= low) return place;
    const error = loss(topic, partition, place, low);
    if (error === undefined) return low;
    await rewrite([{ topic, partition, offset: place }]);
    throw error;
  }

  // Before joining: once kafkajs has found a place gone it writes another, and nobody would know.
  const written = new Map((await committed()).map(({ topic, partition, offset }) => [keyOf(topic, partition), offset]));
  for (const topic of topics) {
    const instants = await atInstant(topic);
    const partitions = await endsOf(topic);
    requirePartitions(start, topic, partitions);
    for (const ends of partitions.values()) {
      const key = keyOf(topic, ends.partition);
      const place = written.get(key) ?? NONE;
      const instant = instants.get(ends.partition);
      if (place !== NONE) known.set(key, await within(topic, Math.max(place, 0), ends, async () => {}));
      else
        starts.set(key, startOf(start, topic, { ...ends, ...(instant === undefined ? {} : { atInstant: instant }) }));
    }
  }

  return {
    /**
     * After joining: finds the place of each partition that is now this subscriber's and writes those the group has not written, with
     * `commit`. Throws when events are lost.
     */
    settle: async (assignment: Readonly<Record<string, readonly number[]>>, commit: Commit): Promise<void> => {
      const mine = (await committed()).filter(({ topic, partition }) => assignment[topic]?.includes(partition));
      const ends = new Map<string, Map<number, PartitionEnds>>();
      for (const topic of Object.keys(assignment)) ends.set(topic, await endsOf(topic));
      const places = [];
      for (const { topic, partition, offset: before } of mine) {
        const here = ends.get(topic)!.get(partition)!;
        const offset = await within(topic, placeOf(topic, before, here), here, commit);
        places.push({ topic, partition, before, offset });
      }
      const unwritten = places.filter(({ before, offset }) => before !== offset);
      if (unwritten.length > 0)
        await commit(unwritten.map(({ topic, partition, offset }) => ({ topic, partition, offset })));
      expected = new Map(places.map(({ topic, partition, offset }) => [keyOf(topic, partition), offset]));
    },

    /** Judges a batch by its first offset. Throws when events between it and the place are lost. */
    arrived: async (topic: string, partition: number, first: number, commit: Commit): Promise<Arrival> => {
      const key = keyOf(topic, partition);
      const place = expected.get(key);
      if (place === undefined || first === place) return { kind: 'next' };
      // A later first offset is normal (a transaction's end takes one) unless retention took what is between.
      await within(topic, place, (await endsOf(topic)).get(partition)!, commit);
      return first < place ? { kind: 'seek', offset: place } : { kind: 'next' };
    },

    /** The next record to come, after this one was dealt with. */
    passed: (topic: string, partition: number, next: number): void => {
      const key = keyOf(topic, partition);
      expected.set(key, next);
      known.set(key, next);
    },
  };
}

export type Positions = Awaited<ReturnType<typeof openPositions>>;
