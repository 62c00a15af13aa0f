import { expect, test } from '@jest/globals';
import { AppError } from '@lingquan/errors';
import { parseJson } from './json.ts';
import { writeJson } from './json-writer.ts';

const hostile: Record<string, string> = {
  nothing: '',
  null: 'null',
  'a list': '[{"a":1}]',
  'a text': '"a"',
  'a trailing comma': '{"a":1,}',
  'a comment': '{"a":1/* b */}',
  'something after the end': '{"a":1}{"b":2}',
  XML: '<xml><a>1</a></xml>',
  'a field given twice': '{"FromUserName":"a","FromUserName":"b"}',
  'a field given twice, once escaped': String.raw`{"FromUserName":"a","From\u0055serName":"b"}`,
  'a field given twice further down': '{"a":[{"b":1,"b":2}]}',
  'a field __proto__': '{"__proto__":{"admin":"1"}}',
  'a field __proto__ in a group': '{"a":{"__proto__":1}}',
  'a field constructor': '{"constructor":{"prototype":1}}',
  '33 levels': `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`,
  '100 000 open lists': '['.repeat(100_000),
  'more than 2000 values': `{"a":[${'1,'.repeat(2001)}1]}`,
};

test.each(Object.entries(hostile))('refuses %s, saying nothing of it', (_name, json) => {
  let refusal: unknown;
  try {
    parseJson(json);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(AppError);
  expect(refusal).toMatchObject({ code: 'invalid' });
  expect((refusal as AppError).cause).toBeUndefined();
  expect((refusal as AppError).message).not.toMatch(/proto__|FromUser|<xml|":/);
});

test('numbers keep their digits, whatever their size', () => {
  expect(parseJson('{"a":7400000000000000901,"b":1.50,"c":-0,"d":1e400,"e":[12345678901234567890]}')).toEqual({
    a: '7400000000000000901',
    b: '1.50',
    c: '-0',
    d: '1e400',
    e: ['12345678901234567890'],
  });
});

test('every leaf is text', () => {
  expect(parseJson('{"a":true,"b":false,"c":null,"d":"","e":{}}')).toEqual({
    a: 'true',
    b: 'false',
    c: '',
    d: '',
    e: {},
  });
});

test('colons, braces and quotes in text are text', () => {
  const text = String.raw`{"a":"{\"b\":1,[:\\","c":"\\\""}`;
  expect(parseJson(text)).toEqual({ a: '{"b":1,[:\\', c: String.raw`\"` });
});

test('List is a list even when one entry stands alone', () => {
  expect(parseJson('{"List":{"a":1}}')).toEqual({ List: [{ a: '1' }] });
  expect(parseJson('{"List":[{"a":1},{"a":2}]}')).toEqual({ List: [{ a: '1' }, { a: '2' }] });
  expect(parseJson('{"List":[]}')).toEqual({ List: [] });
});

test('control characters are taken out and halves of surrogate pairs are taken out, bare or escaped', () => {
  expect(parseJson(String.raw`{"a":"b\u0000c\u0002","d":"\ud83d"}`)).toEqual({ a: 'bc', d: '' });
  expect(parseJson('{"a":"b\u0002c"}')).toEqual({ a: 'bc' });
});

test('what was written is read back, 64-bit numbers included', () => {
  expect(writeJson({ MsgId: 7400000000000000901n, CreateTime: 1, A: '券"' })).toBe(
    '{"MsgId":7400000000000000901,"CreateTime":1,"A":"券\\""}',
  );
  expect(parseJson(writeJson({ MsgId: 7400000000000000901n }))).toEqual({ MsgId: '7400000000000000901' });
});
