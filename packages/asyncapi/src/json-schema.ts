import { ScalarType } from '@bufbuild/protobuf';
import type { DescEnum, DescField, DescMessage } from '@bufbuild/protobuf';
import { commentOf } from './comments.ts';
import type { Event } from './events.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where a message's schema stands in the document. */
export const schemaRef = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

/**
 * A message as protobuf's JSON mapping writes it: names in lowerCamelCase, 64-bit numbers and instants as text, enums by name, and a
 * field with its default left out, so that none is required.
 */
export function jsonSchema(desc: DescMessage, fields: readonly DescField[] = desc.fields): JsonSchema {
  const properties = Object.fromEntries(fields.map((field) => [field.jsonName, fieldSchema(field)]));
  return { type: 'object', ...described(commentOf(desc)), properties };
}

/** What an event's value looks like as JSON: the fields all events of its topic have, and its own case. */
export function eventSchema({ type, value, kind }: Event): JsonSchema {
  if (kind === undefined) return { title: type, ...jsonSchema(value) };
  const fields = value.fields.filter(
    (field) => field.oneof === undefined || field === kind || field.oneof !== kind.oneof,
  );
  return { title: type, ...jsonSchema(value, fields), required: [kind.jsonName] };
}

/** Every message these lead to, each once, by full name. */
export function reachable(
  from: Iterable<DescMessage>,
  found = new Map<string, DescMessage>(),
): Map<string, DescMessage> {
  for (const { fields } of from) {
    for (const { message } of fields) {
      if (message === undefined || isTimestamp(message) || found.has(message.typeName)) continue;
      found.set(message.typeName, message);
      reachable([message], found);
    }
  }
  return found;
}

export const isTimestamp = ({ typeName }: DescMessage): boolean => typeName === 'google.protobuf.Timestamp';

function fieldSchema(field: DescField): JsonSchema {
  const comment = described(commentOf(field));
  if (field.fieldKind === 'list') return { type: 'array', ...comment, items: valueSchema(field) };
  if (field.fieldKind === 'message' && !isTimestamp(field.message)) return { allOf: [valueSchema(field)], ...comment };
  return { ...valueSchema(field), ...comment };
}

function valueSchema({ message, enum: names, scalar }: DescField): JsonSchema {
  if (message !== undefined)
    return isTimestamp(message) ? { type: 'string', format: 'date-time' } : schemaRef(message.typeName);
  if (names !== undefined) return enumSchema(names);
  return scalar === undefined ? unknownScalar(scalar) : (scalars[scalar] ?? unknownScalar(scalar));
}

const enumSchema = (desc: DescEnum): JsonSchema => ({ type: 'string', enum: desc.values.map(({ name }) => name) });

const whole64 = { type: 'string', pattern: '^-?[0-9]+$' };

const scalars: Partial<Record<ScalarType, JsonSchema>> = {
  [ScalarType.STRING]: { type: 'string' },
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.DOUBLE]: { type: 'number' },
  [ScalarType.INT32]: { type: 'integer' },
  [ScalarType.UINT32]: { type: 'integer', minimum: 0 },
  [ScalarType.INT64]: whole64,
  [ScalarType.SINT64]: whole64,
};

const described = (paragraphs: string[]) => (paragraphs.length === 0 ? {} : { description: paragraphs.join('\n\n') });

function unknownScalar(scalar: unknown): never {
  throw new Error(`no JSON schema for the protobuf type ${String(scalar)}: add it to json-schema.ts`);
}
