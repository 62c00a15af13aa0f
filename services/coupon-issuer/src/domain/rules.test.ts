import { expect, test } from '@jest/globals';
import { campaign, closesAtMs, opensAtMs, rules } from '../../test/builders.ts';
import { beijingTime, expiryOf } from './rules.ts';

const DAY_MS = 86_400_000;

test('a coupon ends with the rules, with its days, or with the campaign, whichever is said', () => {
  const end = (differences = {}, closes: number | undefined = closesAtMs) =>
    expiryOf(campaign({ rules: rules(differences), closesAtMs: closes }), opensAtMs);
  expect(end()).toBe(closesAtMs);
  expect(expiryOf({ rules: rules(), closesAtMs: undefined }, opensAtMs)).toBeUndefined();
  expect(end({ validDays: 60 })).toBe(opensAtMs + 60 * DAY_MS);
  expect(end({ validUntilMs: closesAtMs + 1 })).toBe(closesAtMs + 1);
  expect(end({ validUntilMs: opensAtMs + DAY_MS, validDays: 3 })).toBe(opensAtMs + DAY_MS);
  expect(end({ validUntilMs: opensAtMs + 9 * DAY_MS, validDays: 3 })).toBe(opensAtMs + 3 * DAY_MS);
});

test('days and hours are those of Beijing', () => {
  expect(beijingTime(0)).toEqual({ weekday: 4, minute: 480 }); // Thursday, 08:00
  expect(beijingTime(Date.parse('2026-06-06T15:59:59.999Z'))).toEqual({ weekday: 6, minute: 1439 });
  expect(beijingTime(Date.parse('2026-06-06T16:00:00Z'))).toEqual({ weekday: 0, minute: 0 });
});
