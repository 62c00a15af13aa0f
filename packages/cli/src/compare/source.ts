import type { Kafka } from '@lingquan/kafka';
import type { Recorded, Recording } from '@lingquan/recording';

/** One side of a comparison: a recording, or the topics of a system. */
export type Source = {
  name: string;
  /** Those of these topics that it speaks for, so that what it has no record of there was not said; the others it was made without. */
  covers: (topics: readonly string[]) => Promise<string[]>;
  /** Whether more would be in it, had it not been cut off. */
  cutOff: boolean;
  /** Hands out every record of these topics, each partition in its order. */
  read: (topics: string[], take: (records: Recorded[]) => void) => Promise<void>;
};

export const recordingSource = (recording: Recording): Source => ({
  name: recording.path,
  // What a replay said was asked of no topics: it is all there was to say.
  covers: async (topics) => {
    const asked = new Set(recording.meta.ranges.map(({ topic }) => topic));
    return topics.filter((topic) => asked.size === 0 || asked.has(topic));
  },
  cutOff: recording.done === undefined,
  read: async (topics, take) => {
    for await (const batch of recording.read({ topics })) take(batch);
  },
});

/** The topics of a running system: one that lacks a topic said nothing there, one without any topics is no system. */
export const kafkaSource = (kafka: Kafka, name: string): Source => ({
  name,
  covers: async (topics) => ((await kafka.topicNames()).length === 0 ? [] : [...topics]),
  cutOff: false,
  read: async (topics, take) => {
    const there = new Set(await kafka.topicNames());
    const ends = await Promise.all(
      topics.filter((topic) => there.has(topic)).map(async (topic) => ({ topic, ends: await kafka.offsets(topic) })),
    );
    const ranges = ends.flatMap(({ topic, ends: partitions }) =>
      partitions.map(({ partition, low, high }) => ({ topic, partition, from: low, to: high })),
    );
    await kafka.readRanges(ranges, ({ records }) => take(records));
  },
});
