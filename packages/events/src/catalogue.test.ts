import { expect, test } from '@jest/globals';
import { catalogue } from './catalogue.ts';
import { topics } from './topics.ts';
import { wechatTypes } from './wechat-types.ts';

test('the catalogue knows every topic', () => {
  expect(Object.keys(catalogue).toSorted()).toEqual(
    Object.values(topics)
      .map(({ name }) => name)
      .toSorted(),
  );
});

test.each(Object.entries(catalogue))('every kind that %s can hold has its ce_type', (_topic, { schema, kinds }) => {
  if (kinds === null) return expect(schema.oneofs.length).toBeLessThanOrEqual(1);
  const oneof = schema.oneofs.find(({ localName }) => localName === kinds.oneof);
  expect(Object.keys(kinds.types)).toStrictEqual(oneof?.fields.map(({ localName }) => localName));
});

test('no two kinds have the same ce_type', () => {
  const types = Object.values(catalogue).flatMap((content) =>
    content.kinds === null ? [content.type] : Object.values<string>(content.kinds.types),
  );
  expect(new Set(types).size).toBe(types.length);
});

test("a push's ce_type is the schema's own name of it", () => {
  const [content] = catalogue['wechat.inbound'].schema.oneofs;
  expect(Object.values(wechatTypes)).toEqual(content!.fields.map(({ name }) => `wechat.${name}`));
});
