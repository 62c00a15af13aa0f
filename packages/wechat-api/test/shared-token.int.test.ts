import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { connectRedis, redisConnected } from '@lingquan/redis';
import type { Redis } from '@lingquan/redis';
import { isolate } from '@lingquan/test-kit';
import { Registry } from 'prom-client';
import { connectWechatApi } from '../src/index.ts';
import { tokenFrom } from '../src/token-rules.ts';
import { redisTokenStore } from '../src/token-store.ts';

const system = isolate('shared-token');
const { log, env } = system;
const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  await system.remove();
});

let accountsMade = 0;
let account = { appid: '', secret: 'the-secret' };
beforeEach(() => {
  account = { appid: `wx${++accountsMade}`, secret: 'the-secret' };
});

async function redisClient(): Promise<Redis> {
  const redis = connectRedis(env.REDIS_URL, { log });
  closing.push(async () => void (redis.status === 'ready' && redis.disconnect()));
  await redisConnected(redis, 2000);
  return redis;
}

/** A platform with nothing but tokens and addresses: `valid` is the token it takes, `T1` and so on as they are asked for. */
async function platform() {
  const seen = { tokens: 0, lists: 0, valid: '' };
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://platform');
    if (url.pathname === '/cgi-bin/stable_token') {
      if (seen.valid === '') seen.valid = `T${++seen.tokens}`;
      else seen.tokens++;
      const token = seen.valid;
      setTimeout(() => response.end(JSON.stringify({ access_token: token, expires_in: 7200 })), 30);
    } else if (url.searchParams.get('access_token') === seen.valid) {
      seen.lists++;
      response.end('{"ip_list":["203.0.113.10"]}');
    } else response.end('{"errcode":40001,"errmsg":"not latest"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function process(url: string, redis: Redis) {
  const api = connectWechatApi({
    baseUrl: url,
    accounts: [account],
    log,
    metrics: new Registry(),
    shared: { redis, prefix: env.TOPIC_PREFIX },
  });
  closing.push(api.stop);
  return api;
}

const fine = { kind: 'ok', value: ['203.0.113.10'] };
const key = () => `${env.TOPIC_PREFIX}access-token:{${account.appid}}`;

test('two processes that start together and call at once make one token', async () => {
  const { url, seen } = await platform();
  const two = [process(url, await redisClient()), process(url, await redisClient())];
  const calls = Array.from({ length: 20 }, (_, i) => two[i % 2]!.callbackIps(account.appid));
  expect(await Promise.all(calls)).toEqual(calls.map(() => fine));
  expect(seen).toEqual({ tokens: 1, lists: 20, valid: 'T1' });
});

test('a process that comes later takes the token from Redis, where it cannot be read without the secret', async () => {
  const { url, seen } = await platform();
  const redis = await redisClient();
  await process(url, redis).callbackIps(account.appid);
  expect(await process(url, redis).callbackIps(account.appid)).toEqual(fine);
  expect(seen.tokens).toBe(1);
  expect(Buffer.from((await redis.get(key()))!, 'base64').toString('latin1')).not.toContain('T1');
  expect(await redis.pttl(key())).toBeGreaterThan(7_000_000);
});

test('when the platform takes the token back, both processes go on after one new one', async () => {
  const { url, seen } = await platform();
  const two = [process(url, await redisClient()), process(url, await redisClient())];
  for (const one of two) await one.callbackIps(account.appid);
  seen.valid = '';
  const calls = Array.from({ length: 20 }, (_, i) => two[i % 2]!.callbackIps(account.appid));
  expect(await Promise.all(calls)).toEqual(calls.map(() => fine));
  expect([seen.tokens, seen.valid]).toEqual([2, 'T2']);
});

test('Redis emptied, or away: it goes on', async () => {
  const { url, seen } = await platform();
  const redis = await redisClient();
  const api = process(url, redis);
  await api.callbackIps(account.appid);
  await redis.del(key());
  expect(await api.callbackIps(account.appid)).toEqual(fine);
  expect(seen.tokens).toBe(1);

  const away = await redisClient();
  away.disconnect();
  expect(await process(url, away).callbackIps(account.appid)).toEqual(fine);
  expect(seen.tokens).toBe(2);
});

test('a process whose lease ran out does not overwrite the token of the one that took over', async () => {
  const redis = await redisClient();
  const store = redisTokenStore(redis, env.TOPIC_PREFIX);
  const asleep = await store.acquire(account);
  expect(await store.acquire(account)).toBe('held');
  await redis.del(`${env.TOPIC_PREFIX}access-token-lease:{${account.appid}}`); // as its expiry does
  const awake = await store.acquire(account);
  if (asleep === 'held' || awake === 'held') throw new Error('the lease was not given');
  expect(await awake.save(tokenFrom('newer', 7200, Date.now()))).toBe(true);
  expect(await asleep.save(tokenFrom('older', 7200, Date.now()))).toBe(false);
  expect((await store.read(account))?.value).toBe('newer');
});
