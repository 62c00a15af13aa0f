import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { asyncapiDocument } from './document.ts';
import { describeTopics } from './events.ts';
import { readSchemas } from './schemas.ts';

type Json = Record<string, unknown>;
type Message = { name: string; headers: Json; examples?: { headers: Json; payload: Json }[]; 'x-json'?: Json };

const require = createRequire(import.meta.url);
const document = JSON.parse(JSON.stringify(asyncapiDocument(describeTopics(readSchemas()))));
const messages = Object.values(document.components.messages as Record<string, Message>).filter(
  ({ examples }) => examples,
);

/** The document with every message closed: a field that no schema names is an error. */
const closed = Object.entries(document.components.schemas as Record<string, Json>).map(([name, schema]) => [
  name,
  name.endsWith('headers') ? schema : { ...schema, additionalProperties: false },
]);
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', components: { schemas: Object.fromEntries(closed) } });

test('is an AsyncAPI 3.0 document', () => {
  // The schema brings JSON Schema's own along.
  const official = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
  addFormats.default(official);
  const valid = official.compile(require('@asyncapi/specs/schemas/3.0.0.json'));
  valid(document);
  expect(valid.errors).toBeNull();
});

test('every reference leads somewhere', () => {
  const lost: string[] = [];
  JSON.stringify(document, (name, value) => {
    if (name === '$ref') {
      const steps = (value as string).replace('#/', '').split('/');
      if (steps.reduce((node, step) => node?.[step], document) === undefined) lost.push(value);
    }
    return value;
  });
  expect(lost).toEqual([]);
});

test.each(messages)('$name: its examples are as its schemas say', ({ name, headers, examples, 'x-json': payload }) => {
  const errors = examples!.flatMap((example) => [
    ...problems({ ...payload, $ref: `document${String(payload!['$ref'])}` }, example.payload),
    ...problems(inDocument(headers), example.headers),
  ]);
  expect([name, errors]).toEqual([name, []]);
});

test('every kind of record there is a recording of is a message', () => {
  const golden = new URL('../../events/golden/', import.meta.url);
  const channels = Object.entries(document.channels as Record<string, { messages: Json }>).filter(
    ([id]) => id !== 'dlq',
  );
  for (const [topic, { messages: described }] of channels) {
    const files = readdirSync(new URL(`${topic}/`, golden)).map((file) =>
      readFileSync(new URL(`${topic}/${file}`, golden), 'utf8'),
    );
    const recorded = files.map((text) => (JSON.parse(text) as { headers: { ce_type: string } }).headers.ce_type);
    expect(new Set(recorded)).toEqual(new Set(Object.keys(described)));
  }
});

function problems(schema: Json, value: unknown): string[] {
  const valid = ajv.compile(schema);
  valid(value);
  return (valid.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

/** A schema whose references are meant within the document. */
const inDocument = (schema: Json): Json => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as Json;
