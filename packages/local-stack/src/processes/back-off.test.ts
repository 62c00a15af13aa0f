import { expect, test } from '@jest/globals';
import { failuresInARow, patienceMs, pauseMs } from './back-off.ts';

test('the pause doubles with every failure in a row and stops growing at 15 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map(pauseMs)).toEqual([
    300, 600, 1200, 2400, 4800, 9600, 15_000, 15_000, 15_000,
  ]);
});

test('a process that was up for half a minute begins anew, one that was not counts on', () => {
  expect(failuresInARow(5, 30_000)).toBe(1);
  expect(failuresInARow(5, 29_999)).toBe(6);
  expect(failuresInARow(0, 0)).toBe(1);
});

test('patience grows with failures in a row, up to three times', () => {
  expect([1, 2, 3, 50].map((failures) => patienceMs(60_000, failures))).toEqual([60_000, 120_000, 180_000, 180_000]);
});
