import { expect, test } from '@jest/globals';
import { backOffMs, beijingDate, beijingDay, nextQueryMs, nextRefundQueryMs } from './schedule.ts';

const MINUTE_MS = 60_000;

test('an unpaid order is asked about at 10, 20 and 40 s, each minute, then each five, and not from the deadline on', () => {
  const asked: number[] = [];
  for (let ms: number | undefined = 0; ms !== undefined && asked.length < 50;) {
    ms = nextQueryMs(0, ms, 21 * MINUTE_MS);
    if (ms !== undefined) asked.push(ms / 1000);
  }
  expect(asked).toEqual([10, 20, 40, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 900, 1200]);
});

test('a refund is asked about after 20 s, each minute for five, then after 5, 10, 20 and always 30', () => {
  const asked: number[] = [];
  for (let ms = 0; asked.length < 12;) asked.push((ms = nextRefundQueryMs(0, ms)) / MINUTE_MS);
  expect(asked).toEqual([1 / 3, 1, 2, 3, 4, 5, 10, 20, 40, 70, 100, 130]);
});

test('tries are further apart each time, at random within the upper half', () => {
  expect([1, 2, 3, 4, 9].map((attempts) => backOffMs(1000, 30_000, attempts, 0))).toEqual([
    500, 1000, 2000, 4000, 15_000,
  ]);
  expect(backOffMs(1000, 30_000, 1, 0.999)).toBeCloseTo(999.5);
});

test('a day is that of Beijing', () => {
  expect(beijingDay('2026-01-05')).toEqual({ fromMs: Date.UTC(2026, 0, 4, 16), untilMs: Date.UTC(2026, 0, 5, 16) });
  expect(beijingDate(Date.UTC(2026, 0, 4, 15, 59, 59, 999))).toBe('2026-01-04');
  expect(beijingDate(Date.UTC(2026, 0, 4, 16))).toBe('2026-01-05');
  for (const text of ['2026-02-30', '20260105', '2026-1-5', '', 'yesterday'])
    expect(() => beijingDay(text)).toThrow(RangeError);
});
