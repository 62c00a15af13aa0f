import { expect, test } from '@jest/globals';
import { WRONG_CODES_MAX, WRONG_CODES_MS, blockedUntil, withWrongCode } from './till-guard.ts';

const wrongAt = (...times: number[]) => times.reduce<number[]>(withWrongCode, []);
const each = (n: number) => Array.from({ length: n }, (_, i) => i * 1000);

test('ten wrong codes within ten minutes close a till until the first of them is ten minutes old', () => {
  expect(blockedUntil(wrongAt(...each(WRONG_CODES_MAX - 1)), 9000)).toBeUndefined();
  const wrong = wrongAt(...each(WRONG_CODES_MAX));
  expect(blockedUntil(wrong, 9000)).toBe(WRONG_CODES_MS);
  expect(blockedUntil(wrong, WRONG_CODES_MS - 1)).toBe(WRONG_CODES_MS);
  expect(blockedUntil(wrong, WRONG_CODES_MS)).toBeUndefined();
});

test('only the latest are remembered, in whatever order their times came', () => {
  const wrong = wrongAt(...each(30).toReversed());
  expect(wrong).toEqual(each(30).slice(-WRONG_CODES_MAX));
  expect(blockedUntil(wrong, 29_000)).toBe(20_000 + WRONG_CODES_MS);
});
