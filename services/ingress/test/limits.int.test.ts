import { connectRedis, redisConnected } from '@lingquan/redis';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { callbackAddressesKey } from '../src/store/callback-addresses.ts';
import { account, openSystem, startIngress } from './system.ts';
import type { IngressOptions, System } from './system.ts';
import { event, get, post, push, readReply, text } from './wechat.ts';
import type { PushFields, Sending } from './wechat.ts';

const safe = account();
const mini = account({ appid: 'wxmini', kind: 'mini-program', format: 'json', mode: 'plaintext', isDefault: false });

let system: System;

beforeAll(async () => {
  system = await openSystem('limits');
}, 60_000);

afterAll(() => system?.remove());

async function withIngress(options: IngressOptions, run: (url: string) => Promise<void>): Promise<void> {
  const ingress = await startIngress(system, options);
  try {
    await run(ingress.url);
  } finally {
    await ingress.stop();
  }
}

const contentOf = async (url: string, fields: PushFields, sending?: Sending) => {
  const { status, body } = await push(url, safe, fields, sending);
  expect(status).toBe(200);
  return readReply(safe, body)['Content'];
};
const takenOf = (openid: string) => system.taken.filter((taken) => taken.push.openid === openid).length;
const from = (address: string): Sending => ({ headers: { 'x-forwarded-for': address } });

test('over the limit the follower is told when to return, nothing is published, and repeats do not count', () =>
  withIngress({ env: { LIMIT_PER_HOUR: '2' } }, async (url) => {
    const first = text('o-eager');
    expect(await contentOf(url, first)).toContain('券码：');
    expect(await contentOf(url, first)).toContain('券码：');
    expect(await contentOf(url, text('o-eager'))).toContain('券码：');
    expect(await contentOf(url, text('o-eager'))).toMatch(/(明天 )?\d\d:\d\d 之后再来/);
    expect(takenOf('o-eager')).toBe(2);
    expect(await contentOf(url, first)).toContain('券码：');
    expect(await contentOf(url, text('o-calm'))).toContain('券码：');
  }));

test('the limit per day holds by itself', () =>
  withIngress({ env: { LIMIT_PER_HOUR: '0', LIMIT_PER_DAY: '1' } }, async (url) => {
    expect(await contentOf(url, text('o-day'))).toContain('券码：');
    expect(await contentOf(url, text('o-day'))).toContain('之后再来');
  }));

test('0 turns the limits off', () =>
  withIngress({ env: { LIMIT_PER_HOUR: '0', LIMIT_PER_DAY: '0' } }, async (url) => {
    for (let n = 0; n < 60; n++) expect(await contentOf(url, text('o-free'))).toContain('券码：');
  }));

test('what must not be lost is never limited', () =>
  withIngress({ env: { LIMIT_PER_HOUR: '1' } }, async (url) => {
    for (let n = 0; n < 3; n++) await contentOf(url, text('o-leaver'));
    expect((await push(url, safe, event('o-leaver', 'unsubscribe'))).body).toBe('success');
    expect((await push(url, safe, event('o-leaver', 'TEMPLATESENDJOBFINISH', { MsgID: '1' }))).body).toBe('success');
    expect(await until(() => takenOf('o-leaver') >= 3 && takenOf('o-leaver'), 'both events are taken')).toBe(3);
  }));

test("a mini program's follower is limited too, and success still means taken", () =>
  withIngress({ env: { LIMIT_PER_HOUR: '1' }, accounts: [mini] }, async (url) => {
    expect((await push(url, mini, text('o-mini'))).body).toBe('success');
    const { status, body } = await push(url, mini, text('o-mini'));
    expect(status).toBe(200);
    expect(readReply(mini, body)['Content']).toContain('之后再来');
  }));

test('an address over its limit is asked to try later, kindly when its push verifies', () =>
  withIngress(
    { env: { LIMIT_PER_ADDRESS_PER_MINUTE: '2' }, now: () => Date.parse('2026-11-21T12:00:00Z') },
    async (url) => {
      const sending = { timestamp: Date.parse('2026-11-21T12:00:00Z') / 1000 };
      const first = text('o-crowd-1');
      await contentOf(url, first, sending);
      await contentOf(url, text('o-crowd-2'), sending);
      expect(await contentOf(url, text('o-crowd-3'), sending)).toContain('稍后再试');
      expect(await contentOf(url, first, sending)).toContain('券码：');
      expect((await push(url, safe, event('o-crowd-3', 'unsubscribe'), sending)).body).toBe('success');
      expect((await post(`${url}/wx?signature=x&timestamp=${sending.timestamp}&nonce=n`, '<xml/>')).status).toBe(401);
      expect(await until(() => takenOf('o-crowd-3') > 0 && takenOf('o-crowd-3'), 'the event is taken')).toBe(1);
    },
  ));

test('only a trusted proxy is believed about the client, and only listed clients get in', () =>
  withIngress({ env: { ALLOWED_ADDRESSES: '203.0.113.0/24', TRUSTED_PROXIES: '127.0.0.1' } }, async (url) => {
    expect(await contentOf(url, text('o-listed'), from('203.0.113.7'))).toContain('券码：');
    expect((await push(url, safe, text('o-unlisted'), from('198.51.100.1'))).status).toBe(401);
    expect((await push(url, safe, text('o-liar'), from('203.0.113.7, 198.51.100.1'))).status).toBe(401);
    expect((await push(url, safe, text('o-local'))).status).toBe(401);
    expect((await get(`${url}/wx`)).status).toBe(401);
  }));

test('a traceparent is taken from a trusted proxy, from nobody else', async () => {
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
  const traceOf = (openid: string) => system.taken.find((taken) => taken.push.openid === openid)!.envelope.traceparent;
  await withIngress({ env: { TRUSTED_PROXIES: '127.0.0.1' } }, async (url) => {
    await contentOf(url, text('o-traced'), { headers: { traceparent } });
    await contentOf(url, text('o-broken'), { headers: { traceparent: 'nonsense' } });
  });
  await withIngress({}, async (url) => void (await contentOf(url, text('o-untrusted'), { headers: { traceparent } })));
  expect(traceOf('o-traced')).toBe(traceparent);
  expect(traceOf('o-broken')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(traceOf('o-untrusted')).not.toBe(traceparent);
});

test("the platform's own list, kept in Redis, is the allow-list", async () => {
  const redis = connectRedis(system.env.REDIS_URL, { log: system.log });
  await redisConnected(redis);
  await redis.set(callbackAddressesKey(system.prefix, safe.appid), '["203.0.113.0/25"]');
  try {
    await withIngress({ env: { TRUSTED_PROXIES: '127.0.0.1' } }, async (url) => {
      expect(await contentOf(url, text('o-platform'), from('203.0.113.7'))).toContain('券码：');
      expect((await push(url, safe, text('o-stranger'), from('203.0.113.200'))).status).toBe(401);
      expect(await contentOf(url, text('o-loopback'))).toContain('券码：');
    });
  } finally {
    await redis.del(callbackAddressesKey(system.prefix, safe.appid));
    redis.disconnect();
  }
});
