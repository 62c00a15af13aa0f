import { expect, test } from '@jest/globals';
import { backOffMs, nextDayMs, nextMinuteMs } from './schedule.ts';

const almost1 = 1 - Number.EPSILON;

test('the pause doubles from a second to five minutes, half of it at random', () => {
  expect([1, 2, 3, 9, 10, 500].map((turn) => backOffMs(turn, almost1) / 1000)).toEqual(
    [1, 2, 4, 256, 300, 300].map((seconds) => expect.closeTo(seconds, 6)),
  );
  expect(backOffMs(3, 0)).toBe(2000);
});

test('the next minute is the next full one, also right at a full minute', () => {
  expect(nextMinuteMs(Date.UTC(2026, 0, 1, 0, 0, 59, 999), 0)).toBe(Date.UTC(2026, 0, 1, 0, 1));
  expect(nextMinuteMs(Date.UTC(2026, 0, 1, 0, 1), 0)).toBe(Date.UTC(2026, 0, 1, 0, 2));
  expect(nextMinuteMs(Date.UTC(2026, 0, 1), almost1)).toBeCloseTo(Date.UTC(2026, 0, 1, 0, 1, 10), 0);
});

test('the next day begins at midnight in Beijing, which is 16:00 UTC', () => {
  expect(nextDayMs(Date.UTC(2026, 0, 1, 15, 59, 59, 999), 0)).toBe(Date.UTC(2026, 0, 1, 16));
  expect(nextDayMs(Date.UTC(2026, 0, 1, 16), 0)).toBe(Date.UTC(2026, 0, 2, 16));
  expect(nextDayMs(Date.UTC(2026, 11, 31, 20), 0)).toBe(Date.UTC(2027, 0, 1, 16));
});
