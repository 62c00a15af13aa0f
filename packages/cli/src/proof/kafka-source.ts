import type { IncomingRecord, Kafka, OffsetRange } from '@lingquan/kafka';
import type { RecordPlace, Source } from './source.ts';

/** The topics of a running system. */
export const kafkaSource = (kafka: Kafka, name: string): Source => ({
  name,
  ends: async (topic) => kafka.offsets(topic),
  read: async (topic, ends, take) => kafka.read(topic, ({ records }) => take(records), ends),
  at: async (places) => readPlaces(kafka, places),
  untilMs: () => Date.now(),
  close: async () => kafka.close(),
});

/** Reading a thousand records costs less than beginning anew. */
const NEAR = 1000;

const partitionOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}/${partition}`;
const keyOf = (place: RecordPlace): string => `${partitionOf(place)}/${place.offset}`;

/** Single records, near ones together. A reading takes one range of each partition, so there are as many as the partition with most needs. */
async function readPlaces(kafka: Kafka, places: RecordPlace[]): Promise<IncomingRecord[]> {
  const wanted = new Set(places.map(keyOf));
  const found: IncomingRecord[] = [];
  for (let left = rangesOf(places); left.length > 0;) {
    const turn = new Map(left.toReversed().map((range) => [partitionOf(range), range])); // the first of each partition
    await kafka.readRanges(
      [...turn.values()],
      ({ records }) => void found.push(...records.filter((one) => wanted.has(keyOf(one)))),
    );
    left = left.filter((range) => turn.get(partitionOf(range)) !== range);
  }
  return found;
}

/** The fewest ranges that hold the places, without reading far for nothing. */
export function rangesOf(places: RecordPlace[]): OffsetRange[] {
  const ranges: OffsetRange[] = [];
  const inOrder = places.toSorted(
    (a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset,
  );
  for (const { topic, partition, offset } of inOrder) {
    const last = ranges.at(-1);
    if (last !== undefined && last.topic === topic && last.partition === partition && offset < last.to + NEAR)
      last.to = Math.max(last.to, offset + 1);
    else ranges.push({ topic, partition, from: offset, to: offset + 1 });
  }
  return ranges;
}
