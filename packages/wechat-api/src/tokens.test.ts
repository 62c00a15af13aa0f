import { expect, test } from '@jest/globals';
import { createLog } from '@lingquan/log';
import { until } from '@lingquan/test-kit';
import { authorized } from './authorized.ts';
import { failed } from './outcome.ts';
import type { ApiOutcome } from './outcome.ts';
import { tokenFrom } from './token-rules.ts';
import type { AccessToken } from './token-rules.ts';
import { noTokenStore } from './token-store.ts';
import { accessTokens } from './tokens.ts';

const appid = 'wx1';
const log = createLog({ service: 'test', level: 'silent' });

/** A token owner over a platform that answers each fetch with the next of `answers` (the last one for ever). */
function owner(answers: (string | ApiOutcome<AccessToken>)[], lifeS = 7200) {
  const clock = { ms: Date.UTC(2026, 0, 1) };
  let fetches = 0;
  const tokens = accessTokens({
    accounts: [{ appid, secret: 's' }],
    store: noTokenStore,
    log,
    now: () => clock.ms,
    fetch: async () => {
      const answer = answers[Math.min(fetches++, answers.length - 1)]!;
      return typeof answer === 'string' ? { kind: 'ok', value: tokenFrom(answer, lifeS, clock.ms) } : answer;
    },
  });
  const value = async () => {
    const got = await tokens.get(appid);
    return got.kind === 'ok' ? got.value : got.failure;
  };
  return { tokens, clock, value, fetches: () => fetches };
}

test('many who ask at once share one fetch, and later ones its token', async () => {
  const one = owner(['A', 'B']);
  expect(await Promise.all(Array.from({ length: 20 }, one.value))).toEqual(Array.from({ length: 20 }, () => 'A'));
  expect(await one.value()).toBe('A');
  expect(one.fetches()).toBe(1);
});

test('a token that is due is still handed out while its successor is fetched', async () => {
  const one = owner(['A', 'B']);
  await one.value();
  one.clock.ms += 6_900_000;
  expect(await one.value()).toBe('A');
  await until(async () => (await one.value()) === 'B', 'the successor is there');
  expect(one.fetches()).toBe(2);
});

test('an expired token is not handed out', async () => {
  const one = owner(['A', 'B']);
  await one.value();
  one.clock.ms += 7_200_000;
  expect(await one.value()).toBe('B');
});

test('an answer with 300 seconds left does not make it ask for ever', async () => {
  const one = owner(['A'], 300);
  for (let second = 0; second < 50; second++) {
    one.clock.ms += 1000;
    await one.value();
  }
  expect(one.fetches()).toBe(1);
});

test('when a fetch ahead of time fails the old token goes on', async () => {
  const one = owner(['A', failed('busy', '', -1), 'B']);
  await one.value();
  one.clock.ms += 6_900_000;
  expect(await one.value()).toBe('A');
  await until(() => one.fetches() === 2, 'the successor was asked for');
  expect(await one.value()).toBe('A');
  one.clock.ms += 1001;
  await until(async () => (await one.value()) === 'B', 'the successor is there');
  expect(one.fetches()).toBe(3);
});

test('after a failure the platform is left alone for a second, after a wrong secret for half a minute', async () => {
  const busy = owner([failed('busy', '', -1), 'A']);
  expect([await busy.value(), await busy.value(), busy.fetches()]).toEqual(['busy', 'busy', 1]);
  busy.clock.ms += 1001;
  expect(await busy.value()).toBe('A');

  const wrong = owner([failed('config', '', 40125), 'A']);
  await wrong.value();
  wrong.clock.ms += 29_000;
  expect([await wrong.value(), wrong.fetches()]).toEqual(['config', 1]);
  wrong.clock.ms += 1001;
  expect(await wrong.value()).toBe('A');
});

test('an account that is not set up has no token', async () => {
  expect(await owner(['A']).tokens.get('wx2')).toMatchObject({ kind: 'failed', failure: 'config' });
});

test('a token the platform refuses is replaced once, and the call repeated once', async () => {
  const one = owner(['A', 'B']);
  const used: string[] = [];
  const call = async (token: string): Promise<ApiOutcome<string>> => {
    used.push(token);
    return token === 'A' ? failed('token_invalid', '', 40001) : { kind: 'ok', value: 'done' };
  };
  const all = await Promise.all(Array.from({ length: 5 }, () => authorized(one.tokens, appid, call)));
  expect(all).toEqual(Array.from({ length: 5 }, () => ({ kind: 'ok', value: 'done' })));
  expect(used.toSorted().join('')).toBe('AAAAABBBBB');
  expect(one.fetches()).toBe(2);
});

test('a platform that refuses every token is not asked again and again', async () => {
  const one = owner(['A', 'B', 'C']);
  const outcome = await authorized(one.tokens, appid, async () => failed('token_invalid', '', 40001));
  expect(outcome).toMatchObject({ failure: 'token_invalid', errcode: 40001 });
  expect(one.fetches()).toBe(2);
});

test('without a token the call is not made', async () => {
  const one = owner([failed('uncertain', 'TimeoutError')]);
  let made = false;
  const outcome = await authorized(one.tokens, appid, async () => {
    made = true;
    return { kind: 'ok', value: 1 };
  });
  expect([outcome, made]).toEqual([failed('no_token', 'uncertain: TimeoutError'), false]);
});
