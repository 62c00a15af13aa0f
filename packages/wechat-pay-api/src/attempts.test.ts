import { expect, jest, test } from '@jest/globals';
import { addresses, originOf } from './addresses.ts';
import { attempt, together, type Tried } from './attempts.ts';
import { failed, ok } from './outcome.ts';

const uncertain: Tried<number> = { outcome: failed('uncertain', 'timeout'), again: true };
const notSent: Tried<number> = { outcome: failed('not_sent', 'ECONNREFUSED'), again: true };
const refused: Tried<number> = { outcome: failed('refused', 'PARAM_ERROR'), again: false };
const done: Tried<number> = { outcome: ok(1), again: false };

/** Runs the tries in order; says where each went. */
async function run(tries: Tried<number>[], { budgetMs = 1000, firstPauseMs = 0 } = {}) {
  const went: string[] = [];
  const places = addresses(['a', 'b']);
  const hooks = { onRetry: jest.fn(), signal: new AbortController().signal };
  const outcome = await attempt({ attemptsMax: 3, firstPauseMs, budgetMs }, places, hooks, async (origin) => {
    went.push(origin);
    return tries[went.length - 1]!;
  });
  return { outcome, went, retries: hooks.onRetry.mock.calls.length };
}

test('tries again, at the other entry, what may be tried again', async () => {
  expect(await run([uncertain, done])).toEqual({ outcome: ok(1), went: ['a', 'b'], retries: 1 });
  expect(await run([refused])).toEqual({ outcome: refused.outcome, went: ['a'], retries: 0 });
});

test('gives up after so many tries, or when the time is over', async () => {
  expect((await run([uncertain, uncertain, uncertain, done])).went).toHaveLength(3);
  expect((await run([uncertain, done], { firstPauseMs: 100, budgetMs: 10 })).went).toHaveLength(1);
});

test('a connection that was never made is tried elsewhere without a pause', async () => {
  expect((await run([notSent, done], { firstPauseMs: 60_000, budgetMs: 100 })).outcome).toEqual(ok(1));
});

test('a try that did not leave does not settle what an earlier one left open; an answer does', async () => {
  expect((await run([uncertain, notSent, notSent])).outcome).toMatchObject({ failure: 'uncertain' });
  expect((await run([uncertain, refused])).outcome).toMatchObject({ failure: 'refused' });
  expect(together(undefined, failed('not_sent', 'x'))).toMatchObject({ failure: 'not_sent' });
});

test('stops waiting when the client is stopped', async () => {
  const stopping = new AbortController();
  const hooks = { onRetry: jest.fn(), signal: stopping.signal };
  const options = { attemptsMax: 3, firstPauseMs: 60_000, budgetMs: 600_000 };
  const running = attempt(options, addresses(['a']), hooks, () => Promise.resolve(uncertain));
  stopping.abort();
  expect(await running).toEqual(uncertain.outcome);
});

test('goes back to the first entry after a minute', () => {
  let now = 0;
  const places = addresses(['a', 'b'], () => now);
  places.failed('a');
  places.failed('a'); // told late: it is not where calls go now
  expect(places.current()).toBe('b');
  now = 59_999;
  expect(places.current()).toBe('b');
  now = 60_000;
  expect(places.current()).toBe('a');
});

test('an address has no path: what is signed is the whole path', () => {
  expect(originOf('https://api.mch.weixin.qq.com/')).toBe('https://api.mch.weixin.qq.com');
  expect(() => originOf('http://127.0.0.1:8090/pay')).toThrow(TypeError);
});
