import type { IncomingRecord, Kafka } from '@lingquan/kafka';

/** Every record a topic holds at this moment, by partition, then by offset. */
export async function readTopic(kafka: Kafka, topic: string): Promise<IncomingRecord[]> {
  const records: IncomingRecord[] = [];
  await kafka.read(topic, (batch) => void records.push(...batch.records));
  return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
}
