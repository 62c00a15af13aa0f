import type { Kafka } from '@lingquan/kafka';
import type { Recorded, Recording } from '@lingquan/recording';

/** One side of a comparison: a recording, or the topics of a system. */
export type Source = {
  name: string;
  /** The topics it has records of. */
  topics: () => Promise<string[]>;
  /** Hands out every record of these topics, each partition in its order. */
  read: (topics: string[], take: (records: Recorded[]) => void) => Promise<void>;
};

export const recordingSource = (recording: Recording): Source => ({
  name: recording.path,
  topics: async () => [...new Set(recording.partitions.map(({ topic }) => topic))],
  read: async (topics, take) => {
    for await (const batch of recording.read({ topics })) take(batch);
  },
});

export const kafkaSource = (kafka: Kafka, name: string): Source => ({
  name,
  topics: () => kafka.topicNames(),
  read: async (topics, take) => {
    const ends = await Promise.all(topics.map(async (topic) => ({ topic, ends: await kafka.offsets(topic) })));
    const ranges = ends.flatMap(({ topic, ends: partitions }) =>
      partitions.map(({ partition, low, high }) => ({ topic, partition, from: low, to: high })),
    );
    await kafka.readRanges(ranges, ({ records }) => take(records));
  },
});
