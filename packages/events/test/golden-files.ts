import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonValue, Message } from '@bufbuild/protobuf';
import { catalogue } from '../src/catalogue.ts';
import type { TopicName } from '../src/catalogue.ts';

/** One record as it was once written, and what it says. Never changed once it is there. */
export type Golden = {
  /** The day it was taken, such as 2026-11-21. */
  recorded: string;
  /** Without the system's prefix. */
  topic: TopicName;
  key: string;
  headers: Record<string, string>;
  /** The record's value, base64. */
  value: string;
  /** The value as protobuf JSON. */
  decoded: JsonValue;
};

/** `golden/TOPIC/KIND.json`; a later version of a kind is `KIND@2.json`. */
export const goldenDir = join(import.meta.dirname, '../golden');
const fileOf = (topic: string, name: string): string => join(goldenDir, topic, `${name}.json`);

export const topicNames = Object.keys(catalogue) as TopicName[];

/** The kinds of a topic as golden files are named: the ce_type; where one ce_type says several things, with the schema's name of it. */
export function kindsOn(topic: TopicName): string[] {
  const { schema, kinds, type } = contentOf(topic);
  const [cases] = schema.oneofs;
  if (cases === undefined) return [type!];
  return cases.fields.map((field) =>
    kinds === null ? `${type}.${field.name}` : (kinds.types[field.localName] ?? field.name),
  );
}

/** The kind a message is of, named as `kindsOn` does; undefined when it says nothing, or nothing this schema knows. */
export function kindOf(topic: TopicName, message: Message): string | undefined {
  const { schema, kinds, type } = contentOf(topic);
  const [cases] = schema.oneofs;
  if (cases === undefined) return type;
  const said = (message as unknown as Record<string, { case?: string }>)[cases.localName]?.case;
  const field = cases.fields.find(({ localName }) => localName === said);
  if (field === undefined) return undefined;
  return kinds === null ? `${type}.${field.name}` : kinds.types[field.localName];
}

const contentOf = (topic: TopicName) =>
  catalogue[topic] as {
    schema: DescMessage;
    kinds: { types: Readonly<Record<string, string>> } | null;
    type?: string;
  };

/** What a golden file's value says under today's schema. */
export function decodedOf(topic: TopicName, value: Uint8Array): { message: Message; json: JsonValue } {
  const { schema } = contentOf(topic);
  const message = fromBinary(schema, value);
  return { message, json: toJson(schema, message) };
}

/** Every golden file of a topic, by its name without `.json`. */
export function readGoldens(topic: TopicName): { name: string; golden: Golden }[] {
  const names = readdirSync(join(goldenDir, topic)).filter((file) => file.endsWith('.json'));
  return names.map((file) => ({
    name: file.slice(0, -'.json'.length),
    golden: JSON.parse(readFileSync(join(goldenDir, topic, file), 'utf8')) as Golden,
  }));
}

/** Writes a golden file. Throws when it is there: they never change. */
export function writeGolden(name: string, golden: Golden): void {
  const file = fileOf(golden.topic, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`, { flag: 'wx' });
}
