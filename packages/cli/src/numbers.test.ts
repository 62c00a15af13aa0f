import { expect, test } from '@jest/globals';
import { durationMs, instant, wholeNumber } from './numbers.ts';

test('whole numbers stay within their bounds', () => {
  expect(wholeNumber(0)('0')).toBe(0);
  expect(wholeNumber(1, 100)('100')).toBe(100);
  for (const wrong of ['-1', '1.5', '1e3', '', 'ten', '9007199254740993'])
    expect(() => wholeNumber(0)(wrong)).toThrow('whole number');
  expect(() => wholeNumber(1, 100)('101')).toThrow('1–100');
});

test('lengths of time have units, and seconds without one', () => {
  expect([durationMs('500ms'), durationMs('30s'), durationMs('30'), durationMs('1.5m'), durationMs('1h')]).toEqual([
    500, 30_000, 30_000, 90_000, 3_600_000,
  ]);
  for (const wrong of ['', '0', '-5s', '5d', 's']) expect(() => durationMs(wrong)).toThrow('30s');
});

test('an instant says its zone', () => {
  expect(instant('2027-01-20T10:00+08:00').toISOString()).toBe('2027-01-20T02:00:00.000Z');
  expect(instant('2027-01-20T02:00:00.5Z').getUTCMilliseconds()).toBe(500);
  for (const wrong of ['2027-01-20', '2027-01-20T10:00:00', '2027-13-20T10:00:00Z', 'tomorrow'])
    expect(() => instant(wrong)).toThrow('zone');
});
