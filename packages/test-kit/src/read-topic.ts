import { randomUUID } from 'node:crypto';
import type { IncomingRecord, Kafka } from '@lingquan/kafka';
import { until } from './until.ts';

/** Every record a topic holds at this moment, by partition, then by offset. */
export async function readTopic(kafka: Kafka, topic: string): Promise<IncomingRecord[]> {
  const ends = await kafka.offsets(topic);
  const records = new Map<string, IncomingRecord>();
  const consumer = await kafka.consume({
    group: `read-${randomUUID()}`,
    topics: [topic],
    onRound: async (batches) => {
      for (const record of batches.flatMap((batch) => batch.records))
        records.set(`${record.partition}/${record.offset}`, record);
    },
    onPoison: async () => undefined,
    onFatal: (error) => {
      throw error;
    },
  });
  const has = ({ partition, low, high }: { partition: number; low: number; high: number }) =>
    low === high || records.has(`${partition}/${high - 1}`);
  await until(() => ends.every(has), `${topic} is read to its end`);
  await consumer.stop();
  return [...records.values()].toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
}
