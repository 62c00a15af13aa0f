import { connectRedis, redisConnected } from '@lingquan/redis';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { account, claimed, openSystem, startIngress } from './system.ts';
import type { System, Taken } from './system.ts';
import { event, get, push, readReply, text } from './wechat.ts';
import type { PushFields } from './wechat.ts';

const safe = account();

let system: System;
let ingress: Awaited<ReturnType<typeof startIngress>>;
let redis: ReturnType<typeof connectRedis>;

beforeAll(async () => {
  system = await openSystem('repeats');
  redis = connectRedis(system.env.REDIS_URL, { log: system.log });
  await redisConnected(redis);
  ingress = await startIngress(system);
}, 60_000);

afterAll(async () => {
  await ingress?.stop();
  redis?.disconnect();
  await system?.remove();
});

const takenOf = (openid: string): Taken[] => system.taken.filter((taken) => taken.push.openid === openid);
const contentOf = async (fields: PushFields, url = ingress.url) =>
  readReply(safe, (await push(url, safe, fields)).body)['Content'];
/** What FLUSHALL would do, for the keys of this system alone. */
const emptyRedis = async () => {
  const keys = await redis.keys(`${system.prefix}*`);
  expect(keys.length).toBeGreaterThan(0);
  await redis.del(...keys);
};
/** As the issuer does: a push decided before has the same outcome; a code is given once. */
const issueOnce = () => {
  const codes = new Map<string, string>();
  system.decide = ({ envelope: { id } }) => claimed(codes.get(id) ?? codes.set(id, `code-${codes.size}`).get(id)!);
  return codes;
};

test('a repeat is answered the same, from Redis, and published once', async () => {
  issueOnce();
  const fields = text('o-repeat');
  const first = await contentOf(fields);
  const kept = await until(async () => (await redis.keys(`${system.prefix}push:*o-repeat*`))[0], 'it is kept');
  await until(async () => (await redis.get(kept)) !== '', 'with its answer');
  expect(await contentOf(fields)).toBe(first);
  expect(await contentOf(fields)).toBe(first);
  expect(takenOf('o-repeat')).toHaveLength(1);
});

test('repeats while the first is under way join it: one push, one answer for all', async () => {
  const waiting = Promise.withResolvers<Taken>();
  system.decide = (taken) => {
    waiting.resolve(taken);
    return undefined;
  };
  const fields = text('o-joined');
  const answers = [contentOf(fields)];
  await waiting.promise;
  answers.push(contentOf(fields), contentOf(fields));
  await until(
    async () => /push_repeats_total\{found="under way"\} 2/.test((await get(`${ingress.url}/metrics`)).body),
    'both have joined',
  );
  await system.answer(await waiting.promise, claimed('the-one'));
  expect(new Set(await Promise.all(answers)).size).toBe(1);
  expect(await answers[0]).toContain('券码：the-one');
  expect(takenOf('o-joined')).toHaveLength(1);
});

test('64 at once are published once', async () => {
  issueOnce();
  const fields = text('o-crowd');
  const answers = await Promise.all(Array.from({ length: 64 }, () => contentOf(fields)));
  expect(new Set(answers).size).toBe(1);
  expect(takenOf('o-crowd')).toHaveLength(1);
});

test('after Redis was emptied a repeat goes through again and is answered the same', async () => {
  const codes = issueOnce();
  const fields = text('o-flushed');
  const first = await contentOf(fields);
  await emptyRedis();
  expect(await contentOf(fields)).toBe(first);
  expect(codes.size).toBe(1);
  expect(new Set(takenOf('o-flushed').map(({ envelope }) => envelope.id)).size).toBe(1);
});

test('another instance answers a repeat the same', async () => {
  issueOnce();
  const other = await startIngress(system);
  try {
    const fields = event('o-two-doors', 'CLICK', { EventKey: 'k' });
    expect(await contentOf(fields, other.url)).toBe(await contentOf(fields));
  } finally {
    await other.stop();
  }
});

test('two pushes of one follower in one second are two', async () => {
  issueOnce();
  const at = { CreateTime: 1_767_300_001 };
  await contentOf(event('o-busy', 'CLICK', { ...at, EventKey: 'a' }));
  await contentOf(event('o-busy', 'CLICK', { ...at, EventKey: 'b' }));
  expect(new Set(takenOf('o-busy').map(({ envelope }) => envelope.id)).size).toBe(2);
});
