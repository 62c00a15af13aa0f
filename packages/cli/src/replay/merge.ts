import type { Recorded, Recording } from '@lingquan/recording';

/** The records of all partitions of these topics by the time they were written, each partition in its order. Holds a block of each. */
export async function* inTimeOrder(
  recording: Recording,
  topics: readonly string[],
  passes: (record: Recorded) => boolean,
): AsyncGenerator<Recorded, void> {
  const lanes = await Promise.all(
    recording.partitions
      .filter(({ topic }) => topics.includes(topic))
      .map(async ({ topic, partition }) => {
        const records = selected(recording, topic, partition, passes);
        return { records, next: await records.next() };
      }),
  );
  for (;;) {
    let first: (typeof lanes)[number] | undefined;
    for (const lane of lanes)
      if (lane.next.done !== true && (first === undefined || timeOf(lane.next) < timeOf(first.next))) first = lane;
    if (first === undefined || first.next.done === true) return;
    yield first.next.value;
    first.next = await first.records.next();
  }
}

const timeOf = (next: IteratorResult<Recorded, void>): number =>
  next.done === true ? Infinity : next.value.timestampMs;

async function* selected(
  recording: Recording,
  topic: string,
  partition: number,
  passes: (record: Recorded) => boolean,
): AsyncGenerator<Recorded, void> {
  for await (const batch of recording.read({ topics: [topic], partition }))
    for (const record of batch) if (passes(record)) yield record;
}
