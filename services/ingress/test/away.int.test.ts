import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { account, claimed, openSystem, startIngress } from './system.ts';
import type { System } from './system.ts';
import { tcpProxy } from './tcp-proxy.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import { event, get, push, readReply, text } from './wechat.ts';

const safe = account();

let system: System;
let kafka: TcpProxy;
let redis: TcpProxy;
let ingress: Awaited<ReturnType<typeof startIngress>>;

beforeAll(async () => {
  system = await openSystem('away');
  kafka = await tcpProxy(system.env.KAFKA_BROKERS);
  redis = await tcpProxy(new URL(system.env.REDIS_URL).host);
  ingress = await startIngress(system, {
    env: { KAFKA_BROKERS: kafka.address, REDIS_URL: `redis://${redis.address}` },
  });
}, 60_000);

afterEach(() => {
  kafka.restore();
  redis.restore();
});

afterAll(async () => {
  await ingress?.stop();
  await kafka?.stop();
  await redis?.stop();
  await system?.remove();
}, 60_000);

const claim = (openid: string) => push(ingress.url, safe, text(openid));
const back = () => until(async () => (await claim('o-back')).status === 200, 'pushes are taken again', 20_000);
const isReady = async () => (await get(`${ingress.url}/readyz`)).status === 200;

test('Kafka gone: 503 for every kind of push, not ready, and back by itself', async () => {
  kafka.cut();
  expect((await claim('o-gone')).status).toBe(503);
  expect((await push(ingress.url, safe, event('o-gone', 'unsubscribe'))).status).toBe(503);
  expect(await get(`${ingress.url}/readyz`)).toMatchObject({ status: 503 });
  expect(await get(`${ingress.url}/healthz`)).toMatchObject({ status: 200 });
  kafka.restore();
  await back();
  await until(isReady, 'it is ready again', 30_000);
  // Whether outcomes arrive again, too: not just that pushes are taken.
  await until(
    async () => {
      const { status, body } = await claim('o-after');
      return status === 200 && body !== '' && readReply(safe, body)['MsgType'] === 'text';
    },
    'outcomes arrive again',
    30_000,
  );
}, 90_000);

test('Kafka hangs: WeChat gets 503 before it gives up after 5 s', async () => {
  kafka.freeze();
  const answers = await Promise.all([
    claim('o-frozen'),
    push(ingress.url, safe, event('o-frozen', 'VIEW', { EventKey: 'x' })),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  kafka.restore();
  await back();
}, 60_000);

test('Kafka hangs when the notifier should be told: 503, not an empty promise', async () => {
  await until(isReady, 'it is ready', 30_000);
  system.decide = () => {
    kafka.freeze();
    return undefined;
  };
  expect((await claim('o-untold')).status).toBe(503);
  kafka.restore();
}, 60_000);

/** Repeats a push until Redis answers it. */
const redisIsUsed = () =>
  until(async () => {
    const fields = text('o-repeat');
    const answers = [await push(ingress.url, safe, fields), await push(ingress.url, safe, fields)];
    const found = /push_repeats_total\{found="redis"\} \d+/.exec((await get(`${ingress.url}/metrics`)).body)?.[0];
    return answers.every(({ status }) => status === 200) && found;
  }, 'a repeat is found in Redis');

test.each(['cut', 'freeze'] as const)(
  'Redis away (%s): claims are answered all the same',
  async (how) => {
    system.decide = ({ push: { openid } }) => claimed(`code-of-${openid}`);
    await until(isReady, 'it is ready', 30_000);
    await back();
    const before = await redisIsUsed();
    redis[how]();
    const { status, body } = await claim(`o-${how}`);
    expect(status).toBe(200);
    expect(readReply(safe, body)['Content']).toContain(`券码：code-of-o-${how}`);
    expect((await get(`${ingress.url}/metrics`)).body).toMatch(/redis_failures_total\{during="recall"\} [1-9]/);
    redis.restore();
    await until(async () => (await redisIsUsed()) !== before, 'Redis is used again');
  },
  60_000,
);

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return String(port);
}

test('started while Kafka is away: the door is open and says 503, then it works', async () => {
  kafka.cut();
  const port = await freePort();
  const starting = startIngress(system, { env: { KAFKA_BROKERS: kafka.address, INGRESS_PORT: port } });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await push(url, safe, text('o-early'))).status === 503, 'it says 503');
  expect((await get(`${url}/readyz`)).status).toBe(503);
  kafka.restore();
  const late = await starting;
  try {
    expect((await push(url, safe, text('o-now'))).status).toBe(200);
  } finally {
    await late.stop();
  }
}, 60_000);
