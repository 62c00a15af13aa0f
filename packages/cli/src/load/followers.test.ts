import { expect, test } from '@jest/globals';
import { messageIds, openidOf } from './followers.ts';

test('a seed names the same followers each time, another seed others', () => {
  const of = (seed: string) => [0, 1, 2].map((n) => openidOf(seed, 'distinct', n));
  expect(of('a')).toEqual(of('a'));
  expect(new Set([...of('a'), ...of('b')]).size).toBe(6);
  expect(of('a')[0]).toMatch(/^o[A-Za-z0-9_-]{27}$/);
});

test('a number of followers send in turn', () => {
  const sent = [0, 1, 2, 3, 4, 5].map((n) => openidOf('a', 3, n));
  expect(sent.slice(3)).toEqual(sent.slice(0, 3));
  expect(new Set(sent).size).toBe(3);
});

test('message ids rise and fit 64 bits', () => {
  const id = messageIds(8_999_999_999);
  expect(BigInt(id(1))).toBe(BigInt(id(0)) + 1n);
  expect(BigInt(id(999_999_999))).toBeLessThan(2n ** 63n);
});
