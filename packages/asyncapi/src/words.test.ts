import { expect, test } from '@jest/globals';
import { enumWords } from './enum-words.ts';
import { eventWords } from './event-words.ts';
import { describeTopics } from './events.ts';
import { fieldWords } from './field-words.ts';
import { readSchemas } from './schemas.ts';

const schemas = readSchemas();
const ours = [...schemas].filter(({ typeName }) => typeName.startsWith('lingquan.'));

test('every event has Chinese words, and no words are left over', () => {
  const types = describeTopics(schemas).flatMap(({ events }) => events.map(({ type }) => type));
  expect(new Set(types)).toEqual(new Set(Object.keys(eventWords)));
});

test('no Chinese words are left of fields that are gone', () => {
  const names = new Set(
    ours.flatMap((desc) =>
      desc.kind === 'message' ? desc.fields.flatMap(({ name }) => [name, `${desc.name}.${name}`]) : [],
    ),
  );
  expect(Object.keys(fieldWords).filter((name) => !names.has(name))).toEqual([]);
});

test('every value of an enum has Chinese words, and no words are left over', () => {
  const names = ours.flatMap((desc) =>
    desc.kind === 'enum' ? desc.values.filter(({ number }) => number !== 0).map(({ name }) => name) : [],
  );
  expect(new Set(names)).toEqual(new Set(Object.keys(enumWords)));
});
