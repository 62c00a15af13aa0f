import type { Event } from './events.ts';
import { examplesOf } from './examples.ts';
import { schemaRef } from './json-schema.ts';
import { parties } from './parties.ts';
import { both } from './text.ts';

export const PROTOBUF = 'application/vnd.google.protobuf;version=3';

/** Where a schema file stands among the document's schemas: `lingquan/coupon/v1/events` as `lingquan.coupon.v1.events.proto`. */
export const protoName = (file: string): string => `${file.replaceAll('/', '.')}.proto`;

/** One kind of record as a message of the document. */
export function messageOf(event: Event) {
  const { type, name, meaning, when, key, value, kind, writers } = event;
  const examples = examplesOf(event);
  return {
    name: type,
    title: `${name.zh} ${type}`,
    summary: `${meaning.zh} ${meaning.en}`,
    description: both({
      zh: `${meaning.zh}\n\n**何时写入** ${when.zh}\n\n**谁写入** ${writers.map((who) => `${who}（${parties[who].zh}）`).join('、')}`,
      en: `${meaning.en}\n\n${when.en}`,
    }),
    contentType: 'application/protobuf',
    headers: {
      allOf: [schemaRef('headers'), { properties: { ce_type: { const: type }, ce_source: { enum: [...writers] } } }],
    },
    payload: schemaRef(protoName(value.file.name)),
    bindings: { kafka: { key: { type: 'string', description: both(key) }, bindingVersion: '0.5.0' } },
    examples: examples.map(({ name: of, headers, decoded }) => ({
      name: of === '' ? type : of,
      headers,
      payload: decoded,
    })),
    'x-records': examples.map(({ key: recorded, value: base64 }) => ({ key: recorded, value: base64 })), // in the order of the examples
    'x-protobuf': { message: value.typeName, ...(kind === undefined ? {} : { field: kind.name }) },
    'x-json': schemaRef(type),
  };
}

/** What could not be read, whatever topic it stood on. */
export const deadLetterMessage = {
  name: 'dead-letter',
  title: '死信 dead letter',
  summary: '原样保留的记录，以及读不了的原因。 The record as it came, and why it could not be read.',
  contentType: 'application/octet-stream',
  headers: schemaRef('dead-letter-headers'),
  payload: { type: 'string', format: 'binary' },
  bindings: { kafka: { key: { type: 'string', description: '同原主题 as on its topic' }, bindingVersion: '0.5.0' } },
};
