import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { topics } from '@lingquan/events';
import type { TopicDefinition } from '@lingquan/events';
import { catalogue } from '@lingquan/events/catalogue.ts';
import type { TopicContent, TopicName } from '@lingquan/events/catalogue.ts';
import { commentOf } from './comments.ts';
import { eventWords } from './event-words.ts';
import { flows } from './parties.ts';
import type { Party } from './parties.ts';
import type { Text } from './text.ts';
import { topicWords } from './topic-words.ts';

/** One kind of record: what a reader of its topic must know of it. */
export type Event = {
  /** The record's ce_type. */
  type: string;
  topic: TopicName;
  /** What the record's value holds. */
  value: DescMessage;
  /** Its case in the value's oneof; undefined where ce_type does not tell the cases apart. */
  kind: DescField | undefined;
  name: Text;
  meaning: Text;
  when: Text;
  key: Text;
  writers: readonly Party[];
};

/** One topic, with every kind of record on it in the order of the schema. */
export type Topic = {
  name: TopicName;
  words: { name: Text; about: Text; key: Text };
  partitions: number;
  retentionMs: number;
  value: DescMessage;
  events: Event[];
  readers: readonly Party[];
  writers: readonly Party[];
};

/** Every topic of the system in the order of its list. `schemas` are those of `proto/` with their comments. Throws naming what is not described. */
export const describeTopics = (schemas: FileRegistry): Topic[] =>
  Object.values(topics).map((topic) => describe(schemas, topic));

function describe(schemas: FileRegistry, { name, partitions, config }: TopicDefinition & { name: TopicName }): Topic {
  const { schema, kinds, type }: TopicContent = catalogue[name];
  const value = schemas.getMessage(schema.typeName) ?? missing(`a schema of ${schema.typeName} in proto/`);
  const retention = config?.['retention.ms'] ?? missing(`how long ${name} is kept`);
  const events = kinds
    ? value.oneofs
        .find((oneof) => oneof.name === kinds.oneof)!
        .fields.map((kind) => eventOf(name, value, kinds.types[kind.localName], kind))
    : [eventOf(name, value, type, undefined)];
  return { name, words: topicWords[name], partitions, retentionMs: Number(retention), value, events, ...flows[name] };
}

function eventOf(topic: TopicName, value: DescMessage, type: string | undefined, kind: DescField | undefined): Event {
  if (type === undefined) return missing(`the ce_type of ${kind?.toString() ?? topic}`);
  const words = eventWords[type] ?? missing(`Chinese words for ${type}`);
  const said = english(type, value, kind);
  return {
    type,
    topic,
    value,
    kind,
    name: { zh: words.name, en: type.slice(type.indexOf('.') + 1).replaceAll('_', ' ') },
    meaning: { zh: words.meaning, en: said.meaning },
    when: { zh: words.when ?? '推送验签通过之后，应答微信之前；同一条推送只有一条。', en: said.when },
    key: words.key ?? topicWords[topic].key,
    writers: words.writers ?? flows[topic].writers,
  };
}

const WRITTEN = /^Written /;

/** The schema's own words, from the nearest comment that has them: the oneof's case, its message, the record's message. */
function english(type: string, value: DescMessage, kind: DescField | undefined): { meaning: string; when: string } {
  const comments = [kind, kind?.message, value].flatMap((desc) => (desc ? [commentOf(desc)] : []));
  const meaning = comments
    .slice(0, kind ? -1 : undefined)
    .map((paragraphs) => paragraphs.filter((text) => !WRITTEN.test(text)));
  return {
    meaning:
      meaning.find((paragraphs) => paragraphs.length > 0)?.join(' ') ??
      missing(`a comment in proto/ that says what ${type} means`),
    when:
      comments.flat().find((text) => WRITTEN.test(text)) ??
      missing(`a paragraph in proto/ that begins with "Written" and says when ${type} is written`),
  };
}

function missing(what: string): never {
  throw new Error(`missing: ${what}`);
}
