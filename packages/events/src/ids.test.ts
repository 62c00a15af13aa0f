import { expect, test } from '@jest/globals';
import { isUuid, outcomeId, pushId, uuidOf } from './ids.ts';

test('the same parts are always the same id: it is on record in every log', () => {
  expect(uuidOf('push', 'wx1', '42')).toBe(uuidOf('push', 'wx1', '42'));
  expect(uuidOf('a', 'b')).toBe('facdde7a-bf1e-8c5b-b012-73ab2e282f79'); // SHA-256 of 1:a1:b
});

test('other parts, another order or another division are another id', () => {
  const ids = [
    uuidOf('a', 'b'),
    uuidOf('b', 'a'),
    uuidOf('ab'),
    uuidOf('a', 'b', ''),
    uuidOf('', 'ab'),
    uuidOf('1:a', 'b'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test('an id is a UUID of version 8', () => {
  for (let n = 0; n < 100; n++) {
    expect(uuidOf(String(n))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(isUuid(uuidOf(String(n)))).toBe(true);
  }
});

test('a push and its outcomes have ids of their own', () => {
  const push = pushId('wx1', '42');
  const ids = [push, outcomeId(push, 'coupon.claimed'), outcomeId(push, 'coupon.claim_refused'), pushId('wx2', '42')];
  expect(new Set(ids).size).toBe(4);
});

test.each([
  '',
  'x',
  '3E5718FE-A51E-8F39-8A86-85FE8F88CF7A',
  ' 3e5718fe-a51e-8f39-8a86-85fe8f88cf7a',
  '3e5718fea51e8f398a8685fe8f88cf7a',
])('"%s" is not how ids are written here', (text) => expect(isUuid(text)).toBe(false));
