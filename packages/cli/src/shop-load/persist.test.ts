import { expect, test } from '@jest/globals';
import { GaveUp, persist } from './persist.ts';

test('a step is done again until it comes to something, and each time but the first is told', async () => {
  let [attempts, retries] = [0, 0];
  const attempt = async () => (++attempts === 3 ? 'done' : undefined);
  const patience = { untilMs: Infinity, onRetry: () => void (retries += 1) };
  expect(await persist('step', attempt, patience)).toBe('done');
  expect([attempts, retries]).toEqual([3, 2]);
});

test('a step whose time is over gives up, naming itself', async () => {
  const never = persist('order', async () => undefined, { untilMs: performance.now() - 1 });
  await expect(never).rejects.toThrow(GaveUp);
  await expect(never).rejects.toThrow('order');
});
