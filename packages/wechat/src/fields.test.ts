import { expect, test } from '@jest/globals';
import { isReservedName, textOf, withoutIllegal } from './fields.ts';

test('characters beyond the basic plane stay whole while halves of them go', () => {
  expect(withoutIllegal('😀\uD83D券\uDE00')).toBe('😀券');
  expect(withoutIllegal('a\tb\r\nc\u0085')).toBe('a\tb\r\nc\u0085');
});

test('a group or a list is no text', () => {
  const fields = { a: '', b: { c: '1' }, d: ['1'] };
  expect(['a', 'b', 'd', 'e'].map((name) => textOf(fields, name))).toEqual(['', undefined, undefined, undefined]);
});

test("Object's own members are reserved", () => {
  expect(['__proto__', 'constructor', 'prototype', 'toString'].every(isReservedName)).toBe(true);
  expect(isReservedName('Content')).toBe(false);
});
