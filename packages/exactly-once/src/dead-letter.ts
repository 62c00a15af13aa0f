import { deadLetterTopic } from '@lingquan/events';
import { messageOf } from '@lingquan/errors';
import type { IncomingRecord, OutgoingRecord } from '@lingquan/kafka';

/** The record as it came, for its topic's dead letters, with the reason and where it stood in headers. */
export function deadLetter(record: IncomingRecord, error: unknown): OutgoingRecord {
  const single = Object.entries(record.headers).flatMap(([name, value]) =>
    value === undefined || Array.isArray(value) ? [] : [[name, value] as const],
  );
  return {
    topic: deadLetterTopic(record.topic),
    key: record.key ?? '',
    value: record.value ?? Buffer.alloc(0),
    headers: {
      ...Object.fromEntries(single),
      'dlq-topic': record.topic,
      'dlq-partition': String(record.partition),
      'dlq-offset': String(record.offset),
      'dlq-reason': messageOf(error).slice(0, 1000),
    },
  };
}
