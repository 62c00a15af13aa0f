import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  OutboxBatchSchema,
  OutboxRecordSchema,
  RecordHeaderSchema,
} from '@lingquan/events/gen/lingquan/kafka/v1/outbox_pb.ts';
import type { OutgoingRecord } from '@lingquan/kafka';

const bytes = (value: Buffer | string): Buffer => (typeof value === 'string' ? Buffer.from(value) : value);

/** What one batch has to say, as one outbox row keeps it. */
export function packRecords(records: OutgoingRecord[]): Uint8Array {
  const packed = records.map(({ topic, partition, key, value, headers }) =>
    create(OutboxRecordSchema, {
      topic,
      key: bytes(key),
      value,
      headers: Object.entries(headers).map(([name, header]) =>
        create(RecordHeaderSchema, { name, value: bytes(header) }),
      ),
      ...(partition === undefined ? {} : { partition }),
    }),
  );
  return toBinary(OutboxBatchSchema, create(OutboxBatchSchema, { records: packed }));
}

const view = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

/** The inverse of `packRecords`; the records share the memory of `content`. */
export function unpackRecords(content: Uint8Array): OutgoingRecord[] {
  return fromBinary(OutboxBatchSchema, content).records.map(({ topic, partition, key, value, headers }) => ({
    topic,
    partition,
    key: view(key),
    value: view(value),
    headers: Object.fromEntries(headers.map((header) => [header.name, view(header.value)])),
  }));
}
