import { openRecording } from '@lingquan/recording';
import type { Source } from './source.ts';

/** A recording of the topics. Rejects with `invalid` when the file is none. */
export async function recordingSource(path: string): Promise<Source> {
  const recording = await openRecording(path);
  const { partitions, meta } = recording;
  return {
    name: path,
    ends: async (topic) => {
      const asked = meta.ranges.filter((range) => range.topic === topic);
      const held = partitions.filter((one) => one.topic === topic);
      if (asked.length === 0 && held.length === 0) return undefined;
      const empty = asked.filter((range) => !held.some(({ partition }) => partition === range.partition));
      return [
        ...held.map(({ partition, firstOffset, lastOffset }) => ({
          partition,
          low: firstOffset,
          high: lastOffset + 1,
        })),
        ...empty.map(({ partition, from }) => ({ partition, low: from, high: from })),
      ].toSorted((a, b) => a.partition - b.partition);
    },
    read: async (topic, _ends, take) => {
      for await (const records of recording.read({ topics: [topic] })) take(records);
    },
    at: async (places) => {
      const found = [];
      for (const { topic, partition, offset } of places)
        for await (const records of recording.read({ topics: [topic], partition, fromOffset: offset })) {
          const record = records.find((one) => one.offset === offset);
          if (record !== undefined) found.push(record);
          break; // the first block that reaches so far, or none
        }
      return found;
    },
    untilMs: () => Math.max(0, ...partitions.map(({ lastMs }) => lastMs)),
    close: () => recording.close(),
  };
}
