import { afterAll, expect, test } from '@jest/globals';
import { connectRedis, redisConnected } from '@lingquan/redis';
import { isolate } from '@lingquan/test-kit';
import type { ApiOutcome } from '@lingquan/wechat-api';
import { callbackIpsKey, callbackIpsRefresher } from '../src/callback-ips.ts';

const system = isolate('ips');
const redis = connectRedis(system.env.REDIS_URL, { log: system.log });
afterAll(async () => {
  redis.disconnect();
  await system.remove();
});

const appid = 'wx1';
const key = callbackIpsKey(system.prefix, appid);
const kept = async () => JSON.parse((await redis.get(key)) ?? 'null') as unknown;

test('the list is asked for once an hour, put back when Redis lost it, and kept when the platform has none', async () => {
  await redisConnected(redis);
  const clock = { ms: Date.UTC(2026, 0, 1) };
  const platform = { asked: 0, answer: { kind: 'ok', value: ['203.0.113.7'] } as ApiOutcome<string[]> };
  const turn = callbackIpsRefresher({
    api: {
      callbackIps: async () => {
        platform.asked++;
        return platform.answer;
      },
    },
    redis,
    prefix: system.prefix,
    appids: [appid],
    log: system.log,
    now: () => clock.ms,
  });
  await turn();
  expect(await kept()).toEqual(['203.0.113.7']);

  await redis.del(key);
  clock.ms += 3_599_999;
  await turn();
  expect([await kept(), platform.asked]).toEqual([['203.0.113.7'], 1]);

  platform.answer = { kind: 'failed', failure: 'busy', errcode: -1, detail: '' };
  clock.ms += 1;
  await turn();
  expect([await kept(), platform.asked]).toEqual([['203.0.113.7'], 2]);

  platform.answer = { kind: 'ok', value: ['198.51.100.0/24'] };
  await turn();
  expect([await kept(), platform.asked]).toEqual([['198.51.100.0/24'], 3]);
});
