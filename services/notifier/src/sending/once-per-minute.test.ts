import { expect, test } from '@jest/globals';
import { oncePerMinute } from './once-per-minute.ts';

test('each kind is said once a minute', () => {
  let nowMs = 0;
  const should = oncePerMinute(() => nowMs);
  expect([should('a'), should('b'), should('a')]).toEqual([true, true, false]);
  nowMs = 59_999;
  expect(should('a')).toBe(false);
  nowMs = 60_000;
  expect([should('a'), should('a')]).toEqual([true, false]);
});
