import type { Message, TopicMessages } from 'kafkajs';
import type { OutgoingRecord } from './records.ts';

/** Records that leave in one request, in order. */
export type Parcel = { records: OutgoingRecord[]; bytes: number };

/** Beyond a few hundred records a fuller request saves nothing more; brokers refuse batches over 1 MiB by default. */
export const PARCEL_MAX = { records: 1000, bytes: 512 * 1024 };

const HEADERS_BYTES = 300; // what ours come to, generously

const bytesOf = ({ key, value }: OutgoingRecord) => key.length + value.length + HEADERS_BYTES;

/** Splits records into parcels that fit a request, keeping their order. A record greater than a request travels alone. */
export function parcelsOf(records: OutgoingRecord[]): Parcel[] {
  const parcels: Parcel[] = [];
  let parcel: Parcel = { records: [], bytes: 0 };
  for (const record of records) {
    const bytes = bytesOf(record);
    if (
      parcel.records.length > 0 &&
      (parcel.records.length === PARCEL_MAX.records || parcel.bytes + bytes > PARCEL_MAX.bytes)
    ) {
      parcels.push(parcel);
      parcel = { records: [], bytes: 0 };
    }
    parcel.records.push(record);
    parcel.bytes += bytes;
  }
  if (parcel.records.length > 0) parcels.push(parcel);
  return parcels;
}

/** How many of the first parcels fit one request together: at least one. */
export function fitting(parcels: readonly Parcel[]): number {
  let count = 0;
  let records = 0;
  let bytes = 0;
  for (const parcel of parcels) {
    records += parcel.records.length;
    bytes += parcel.bytes;
    if (count > 0 && (records > PARCEL_MAX.records || bytes > PARCEL_MAX.bytes)) break;
    count++;
  }
  return count;
}

/** One request's content as kafkajs takes it. */
export function byTopic(prefix: string, parcels: readonly Parcel[]): TopicMessages[] {
  const messages = new Map<string, Message[]>();
  for (const { records } of parcels) {
    for (const { topic, partition, key, value, headers } of records) {
      const list = messages.get(topic) ?? messages.set(topic, []).get(topic)!;
      list.push(partition === undefined ? { key, value, headers } : { key, value, headers, partition });
    }
  }
  return [...messages].map(([topic, list]) => ({ topic: prefix + topic, messages: list }));
}
