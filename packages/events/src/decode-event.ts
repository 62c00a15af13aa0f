import { toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonValue, Message } from '@bufbuild/protobuf';
import { AppError } from '@lingquan/errors';
import { catalogue } from './catalogue.ts';
import type { TopicName } from './catalogue.ts';
import { decode } from './decode.ts';
import { envelopeOf } from './envelope.ts';
import type { ReceivedHeaders } from './envelope.ts';
import type { EventOf } from './event.ts';
import { headersOf, textOf } from './received-record.ts';
import type { AnyRecord } from './received-record.ts';

/** How a topic's records are read. */
type Reader = {
  schema: DescMessage;
  /** The case of `oneof` a ce_type stands for; null where the whole message is the event. */
  caseOf: ReadonlyMap<string, string | null>;
  oneof: string;
};

const readers: ReadonlyMap<string, Reader> = new Map(
  Object.entries(catalogue).map(([topic, content]) => [topic, readerOf(content)]),
);

function readerOf(content: (typeof catalogue)[TopicName]): Reader {
  const { schema, kinds } = content;
  if (kinds === null) return { schema, oneof: '', caseOf: new Map([[content.type, null]]) };
  const caseOf = new Map(Object.entries<string>(kinds.types).map(([name, type]) => [type, name]));
  return { schema, oneof: kinds.oneof, caseOf };
}

/** Whether a topic, named without the system's prefix, is one of the system's. */
export const isTopic = (topic: string): topic is TopicName => readers.has(topic);

/**
 * Reads a record that any Kafka client handed out. `prefix` is the system's, which begins the topic's name.
 * Throws `invalid`, saying what is wrong, for a topic that is not known, without the headers every event has, or with bytes that are
 * not what its ce_type says. A kind that is newer than this package is read as type `unknown`.
 */
export function decodeEvent(record: AnyRecord, options: { prefix?: string } = {}): EventOf {
  return eventOf(nameOf(record.topic, options.prefix ?? ''), headersOf(record.headers), record);
}

/** The same for a record whose topic is known and whose headers are as kafkajs gives them. */
export function eventOf(
  topic: TopicName,
  headers: ReceivedHeaders,
  record: Omit<AnyRecord, 'topic' | 'headers'>,
): EventOf {
  const { schema, caseOf, oneof } = readers.get(topic)!;
  const { id, type, timeMs, source, traceparent } = envelopeOf(headers);
  const message = decode(schema, record.value);
  const due = caseOf.get(type);
  const isKnown = due !== undefined;
  const event = {
    id,
    type: isKnown ? type : 'unknown',
    topic,
    partition: record.partition ?? -1,
    offset: Number(record.offset ?? -1),
    key: record.key === null || record.key === undefined ? null : textOf(record.key),
    time: new Date(timeMs),
    source,
    traceparent,
    data: isKnown && due !== null ? dataOf(message, oneof, due, type) : isKnown ? message : undefined,
    message,
    ...(isKnown ? {} : { unknownType: type }),
  };
  return event as unknown as EventOf;
}

function dataOf(message: Message, oneof: string, due: string, type: string): unknown {
  const content = (message as unknown as Record<string, { case?: string; value?: unknown }>)[oneof];
  if (content?.case !== due)
    throw new AppError('invalid', `ce_type says ${type}, but the message holds something else`);
  return content.value;
}

function nameOf(topic: string, prefix: string): TopicName {
  const name = topic.startsWith(prefix) ? topic.slice(prefix.length) : topic;
  if (isTopic(name)) return name;
  const hint = prefix === '' ? ' (does its name begin with a prefix? say so: { prefix })' : '';
  throw new AppError('invalid', `${topic} is no topic of this system${hint}`);
}

/** What `validate` finds. */
export type Validation = { ok: true; event: EventOf } | { ok: false; reason: string };

/** Says whether a record can be read, and if not why; never throws. */
export function validate(record: AnyRecord, options: { prefix?: string } = {}): Validation {
  try {
    return { ok: true, event: decodeEvent(record, options) };
  } catch (error) {
    if (error instanceof AppError) return { ok: false, reason: error.message };
    throw error;
  }
}

/** An event as JSON that `JSON.stringify` takes: `message` as protobuf JSON (64-bit numbers as text, enums by name), the rest as it is. */
export function eventToJson(event: EventOf): JsonValue {
  const { id, topic, partition, offset, key, time, source, type, traceparent, message } = event;
  return {
    id,
    type: event.type === 'unknown' ? event.unknownType : type,
    time: time.toISOString(),
    source,
    topic,
    partition,
    offset,
    key,
    ...(traceparent === undefined ? {} : { traceparent }),
    message: toJson(readers.get(topic)!.schema, message),
  };
}
