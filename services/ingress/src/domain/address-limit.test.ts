import { expect, test } from '@jest/globals';
import { addressLimit } from './address-limit.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');

test('an address is over its limit with the request after the last one allowed, and others are not', () => {
  const limit = addressLimit(2);
  expect([1, 2, 3].map(() => limit.take('a', noon))).toEqual([false, false, true]);
  expect(limit.take('b', noon)).toBe(false);
});

test('a new minute counts anew', () => {
  const limit = addressLimit(1);
  expect([limit.take('a', noon + 59_999), limit.take('a', noon + 59_999)]).toEqual([false, true]);
  expect(limit.take('a', noon + 60_000)).toBe(false);
});

test('a repeat given back does not count', () => {
  const limit = addressLimit(1);
  limit.take('a', noon);
  limit.giveBack('a');
  expect(limit.take('a', noon)).toBe(false);
  limit.giveBack('never seen');
});

test('0 is no limit', () => {
  const limit = addressLimit(0);
  expect([1, 2, 3].map(() => limit.take('a', noon))).toEqual([false, false, false]);
});
