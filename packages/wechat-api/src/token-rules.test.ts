import { expect, test } from '@jest/globals';
import { isFresh, isUsable, refreshAtMs, tokenFrom } from './token-rules.ts';

const now = Date.UTC(2026, 0, 1);
const secondsToRefresh = (lifeS: number) => (refreshAtMs(tokenFrom('t', lifeS, now)) - now) / 1000;

test('a token of two hours is replaced five minutes before its end', () => {
  expect(secondsToRefresh(7200)).toBe(6900);
});

test.each([345, 301, 300, 200])('one with %i seconds left is not asked for again within a minute', (lifeS) => {
  expect(secondsToRefresh(lifeS)).toBe(60);
});

test('one with less than two minutes left is replaced at half of that', () => {
  expect(secondsToRefresh(100)).toBe(50);
  expect(secondsToRefresh(10)).toBe(5);
});

test('it is fresh before its refresh, then usable, then neither', () => {
  const token = tokenFrom('t', 7200, now);
  const at = (second: number) => [isFresh(token, now + second * 1000), isUsable(token, now + second * 1000)];
  expect(at(6899)).toEqual([true, true]);
  expect(at(6900)).toEqual([false, true]);
  expect(at(7194)).toEqual([false, true]);
  expect(at(7195)).toEqual([false, false]);
});
