import { afterEach, expect, test } from '@jest/globals';
import { createLog } from '@lingquan/log';
import { until } from '@lingquan/test-kit';
import { Registry } from 'prom-client';
import { openBreaker } from './index.ts';
import type { Breaker } from './index.ts';

const log = createLog({ service: 'test', level: 'fatal' });
const opened: Breaker[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.stop()));

function breaker(metrics = new Registry(), name = 'there'): Breaker {
  const made = openBreaker({ name, log, metrics, callsMin: 4, resetMs: 50 });
  opened.push(made);
  return made;
}
const isDown = (result: string) => result === 'down';
const call = (one: Breaker, result: string) => one.run(async () => result, isDown);
async function fail(one: Breaker, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await call(one, 'down');
}

test('a few early failures do not open it', async () => {
  const one = breaker();
  await fail(one, 3);
  expect(await call(one, 'fine')).toEqual({ kind: 'done', result: 'fine' });
  expect(one.isOpen()).toBe(false);
});

test('failures are handed over as they are, until it opens and the work is not begun', async () => {
  const one = breaker();
  expect(await call(one, 'down')).toEqual({ kind: 'done', result: 'down' });
  await fail(one, 3);
  let begun = false;
  const ran = await one.run(async () => {
    begun = true;
  }, Boolean);
  expect([ran, begun]).toEqual([{ kind: 'open' }, false]);
});

test('results that are no failures never open it', async () => {
  const one = breaker();
  for (let time = 0; time < 50; time++) await call(one, 'refused by a rule');
  expect(one.isOpen()).toBe(false);
});

test('a throw counts as a failure and reaches the caller', async () => {
  const one = breaker();
  const boom = () => one.run(() => Promise.reject(new Error('boom')), isDown);
  for (let time = 0; time < 4; time++) await expect(boom()).rejects.toThrow('boom');
  expect(await boom()).toEqual({ kind: 'open' });
});

test('after the pause one call is let through, and its success closes it', async () => {
  const metrics = new Registry();
  const one = breaker(metrics);
  const other = breaker(metrics, 'elsewhere');
  await fail(one, 4);
  expect(await metrics.metrics()).toContain('lingquan_breaker_state{name="there"} 1');
  expect(await metrics.metrics()).toContain('lingquan_breaker_state{name="elsewhere"} 0');
  await until(async () => (await call(one, 'fine')).kind === 'done', 'it lets a call through');
  expect([one.isOpen(), other.isOpen()]).toEqual([false, false]);
  expect(await metrics.metrics()).toContain('lingquan_breaker_state{name="there"} 0');
});
