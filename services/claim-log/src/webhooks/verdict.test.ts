import { expect, test } from '@jest/globals';
import { judge } from './verdict.ts';
import type { Answer } from './verdict.ts';

const HOUR = 3_600_000;
const rule = { firstMs: 5000, forMs: 24 * HOUR };
const answered = (status: number, retryAfterMs?: number): Answer => ({ status, retryAfterMs });
const tried = (attempts: number, afterMs = 0, chance = 0.5) => ({ attempts, firstAtMs: 0, nowMs: afterMs, chance });

test.each([200, 201, 204, 299])('%i is success', (status) => {
  expect(judge(answered(status), tried(1), rule)).toEqual({ kind: 'delivered' });
});

test.each([answered(301), answered(404), answered(429), answered(500), { error: 'TIMEOUT' }])(
  '%j is tried again',
  (answer) => {
    expect(judge(answer, tried(1), rule)).toEqual({ kind: 'again', inMs: 5000 });
  },
);

test('410 ends it, at whatever try', () => {
  expect(judge(answered(410), tried(9, 25 * HOUR), rule)).toEqual({ kind: 'gone' });
});

test('pauses grow to four hours', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((attempts) => judge(answered(500), tried(attempts), rule));
  const seconds = pauses.map((verdict) => (verdict.kind === 'again' ? verdict.inMs / 1000 : undefined));
  expect(seconds).toEqual([5, 20, 80, 320, 1280, 5120, 14_400, 14_400, 14_400]);
});

test('a fifth more or less by chance', () => {
  expect(judge(answered(500), tried(2, 0, 0), rule)).toEqual({ kind: 'again', inMs: 16_000 });
  expect(judge(answered(500), tried(2, 0, 1), rule)).toEqual({ kind: 'again', inMs: 24_000 });
});

test('a receiver that asks for a longer pause gets it, four hours at most', () => {
  expect(judge(answered(429, 60_000), tried(1), rule)).toEqual({ kind: 'again', inMs: 60_000 });
  expect(judge(answered(429, 1000), tried(1), rule)).toEqual({ kind: 'again', inMs: 5000 });
  expect(judge(answered(503, 999 * HOUR), tried(1), rule)).toEqual({ kind: 'again', inMs: 4 * HOUR });
});

test('the last try is the first one a day after the first', () => {
  expect(judge(answered(500), tried(8, 24 * HOUR - 1), rule)).toMatchObject({ kind: 'again' });
  expect(judge(answered(500), tried(9, 24 * HOUR), rule)).toEqual({ kind: 'failed' });
});
