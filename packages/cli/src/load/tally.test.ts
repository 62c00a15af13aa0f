import { expect, test } from '@jest/globals';
import { startTally } from './tally.ts';

test('percentiles are those of the latencies recorded', () => {
  const tally = startTally();
  for (let latencyMs = 1; latencyMs <= 1000; latencyMs += 1) tally.record('code', latencyMs);
  const { p50, p95, p99, max } = tally.latency();
  expect([p50, p95, p99, max].map((value) => Math.round(value / 5) * 5)).toEqual([500, 950, 990, 1000]);
});

test('no percentile lies beyond the longest latency', () => {
  const tally = startTally();
  tally.record('code', 470.919);
  const { p50, p99, max } = tally.latency();
  expect([p50, p99]).toEqual([max, max]);
});

test('kinds are counted, the most frequent first, and forgotten on reset', () => {
  const tally = startTally();
  for (const kind of ['worded', 'code', 'code']) tally.record(kind, 1);
  expect(Object.entries(tally.counts())).toEqual([
    ['code', 2],
    ['worded', 1],
  ]);
  tally.reset();
  expect([tally.total(), tally.counts(), tally.latency().max]).toEqual([0, {}, 0]);
});

test('a latency beyond the scale counts as the longest', () => {
  const tally = startTally();
  tally.record('timeout', 1e9);
  expect(tally.latency().max).toBeGreaterThan(119_000);
});
