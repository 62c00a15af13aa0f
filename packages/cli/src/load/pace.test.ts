import { expect, test } from '@jest/globals';
import { keepPace } from './pace.ts';
import type { Pace } from './pace.ts';

type Sent = { n: number; intendedAt: number };

/** Runs a pace with answers that come in a later turn; `atOnce` is how many were under way together at most. */
async function paced(pace: Pace, more: { durationMs?: number; countMax?: number; stopped?: AbortSignal } = {}) {
  const sent: Sent[] = [];
  let underWay = 0;
  let atOnce = 0;
  const count = await keepPace({
    pace,
    durationMs: 10_000,
    countMax: 100,
    stopped: new AbortController().signal,
    ...more,
    send: (n, intendedAt, done) => {
      sent.push({ n, intendedAt });
      atOnce = Math.max(atOnce, ++underWay);
      setImmediate(() => {
        underWay -= 1;
        done();
      });
    },
  });
  return { count, sent, atOnce, underWay };
}

test('a closed loop keeps its connections busy and never more', async () => {
  expect(await paced({ kind: 'closed', connections: 7 })).toMatchObject({ count: 100, atOnce: 7, underWay: 0 });
});

test('an open loop plans every push at its place in time, also when it is late', async () => {
  const { sent, count } = await paced({ kind: 'open', ratePerSecond: 20_000 });
  expect(count).toBe(100);
  const gaps = sent.slice(1).map(({ intendedAt }, place) => intendedAt - sent[place]!.intendedAt);
  for (const gap of gaps) expect(gap).toBeCloseTo(0.05, 6);
});

test('an open loop sends what its rate and time come to', async () => {
  expect(await paced({ kind: 'open', ratePerSecond: 1000 }, { durationMs: 25 })).toMatchObject({
    count: 25,
    underWay: 0,
  });
});

test('what is stopped sends nothing more and waits for what is under way', async () => {
  const stopped = AbortSignal.abort();
  expect(await paced({ kind: 'closed', connections: 3 }, { stopped })).toMatchObject({ count: 0 });
  expect(await paced({ kind: 'open', ratePerSecond: 10 }, { stopped })).toMatchObject({ count: 0 });
});
