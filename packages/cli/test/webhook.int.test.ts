import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { start } from '@lingquan/claim-log';
import { config } from '@lingquan/claim-log/config.ts';
import { outcomeId, toHeaders, topics } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import { isolate, until } from '@lingquan/test-kit';
import { run } from '../src/run.ts';
import { lingquan as call } from './lingquan.ts';

jest.setTimeout(60_000);

const system = isolate('cli-webhook');
const env = { ...system.env, CLAIM_LOG_MASK_KEY: 'a1'.repeat(32), WEBHOOK_KEY: 'b2'.repeat(32) };
const producer = system.kafka.producer();
const onFatal = (error: Error) => system.log.error({ err: error }, 'claim-log cannot go on');
const launch = (port = '0') => start(config({ ...env, CLAIM_LOG_PORT: port }), { log: system.log, onFatal });

let log: Awaited<ReturnType<typeof launch>>;
const bodies: string[] = [];
let status = 204;
const team = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    bodies.push(body);
    response.writeHead(status).end();
  });
});

beforeAll(async () => {
  log = await launch();
  await until(() => producer.ready().then(() => true), 'the producer is connected');
  await once(team.listen(0, '127.0.0.1'), 'listening');
}, 60_000);

afterAll(async () => {
  await log.stop();
  await producer.stop();
  team.closeAllConnections();
  team.close();
  await system.remove();
}, 30_000);

const terminalEnv = () => ({ ...system.env, COUPON_ISSUER_URL: 'http://127.0.0.1:1', CLAIM_LOG_URL: log.url });
const lingquan = (...args: string[]) => call(terminalEnv(), ...args);
const json = async (...args: string[]) => (await lingquan(...args, '--json')).json() as Record<string, unknown>;

const claim = (campaignId: string, code: string) => {
  const message = {
    causeId: code,
    campaignId,
    openid: 'oPerson',
    event: { case: 'couponClaimed', value: { code } },
  } as const;
  const id = outcomeId(`${campaignId}/${code}`, 'coupon.claimed');
  return producer.publish([
    {
      topic: topics.couponEvents.name,
      key: 'oPerson',
      value: Buffer.from(toBinary(CouponEventSchema, create(CouponEventSchema, message))),
      headers: toHeaders({ id, source: 'coupon-issuer', type: 'coupon.claimed', timeMs: Date.now() }),
    },
  ]);
};
const received = (campaignId: string) => bodies.filter((body) => body.includes(`"${campaignId}"`)).length;

test('a webhook from its creation to its end', async () => {
  const url = `http://127.0.0.1:${(team.address() as AddressInfo).port}/hook`;
  const made = await lingquan(
    'webhook',
    'create',
    url,
    '--campaign',
    'life',
    '--type',
    'coupon.claimed',
    'coupon.redeemed',
  );
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('whsec_') });
  const [{ id, types }] = (await json('webhook', 'list'))['items'] as [{ id: string; types: string[] }];
  expect(types).toEqual(['coupon.claimed', 'coupon.redeemed']);

  expect(await lingquan('webhook', 'ping', id)).toMatchObject({ code: 0, out: expect.stringContaining('204') });
  await claim('life', 'K1');
  await until(() => received('life') === 1, 'it is sent');
  expect(await lingquan('webhook', 'pause', id)).toMatchObject({ code: 0 });
  await claim('life', 'K2');
  await until(async () => Number((await json('webhook', 'show', id))['behind']) > 0, 'it is behind');
  expect(received('life')).toBe(1);
  expect(await lingquan('webhook', 'resume', id)).toMatchObject({ code: 0 });
  await until(() => received('life') === 2, 'what came meanwhile');
  await until(
    async () => ((await json('webhook', 'deliveries', id, '--state', 'delivered'))['items'] as unknown[]).length === 2,
    'noted',
  );
  expect(await lingquan('webhook', 'deliveries', id)).toMatchObject({ out: expect.stringContaining('已送达') });
  expect(await json('webhook', 'rotate', id, '--keep-hours', '0')).toMatchObject({
    secret: expect.stringMatching(/^whsec_/),
  });
  expect(await json('webhook', 'resend', id, '--from', 'beginning')).toMatchObject({ id });
  await until(() => received('life') === 4, 'both again');

  status = 500;
  expect(await lingquan('webhook', 'ping', id)).toMatchObject({ code: 1, err: expect.stringContaining('500') });
  expect(await json('webhook', 'delete', id)).toEqual({ id, deleted: true });
  expect(await lingquan('webhook', 'show', id)).toMatchObject({ code: 1, err: expect.stringContaining('没有') });
  expect(await lingquan('webhook', 'create', 'nonsense')).toMatchObject({
    code: 2,
    err: expect.stringContaining('url'),
  });
});

test('events are followed over a restart of claim-log, each once, and it says where to go on', async () => {
  let out = '';
  let err = '';
  const stop = new AbortController();
  const following = run(['events', 'follow', '--campaign', 'followed', '--from', 'beginning', '--json'], {
    env: { LOCAL_DIR: '/nowhere', ...terminalEnv() },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    interruption: () => stop.signal,
  });
  const codes = () =>
    out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { code: string }).code);
  await claim('followed', 'F1');
  await until(() => out !== '' && codes().length === 1, 'the first');
  const { port } = new URL(log.url);
  await log.stop();
  await claim('followed', 'F2');
  log = await launch(port);
  await claim('followed', 'F3');
  await until(() => codes().length === 3, 'the others', 30_000);
  stop.abort();
  expect(await following).toBe(0);
  expect(codes()).toEqual(['F1', 'F2', 'F3']);
  expect(out).not.toContain('oPerson');
  const last = /--last-event-id (\d+)/.exec(err)![1]!;
  await claim('followed', 'F4');
  const rest = await lingquan('events', 'follow', '--campaign', 'followed', '--last-event-id', last, '--count', '1');
  expect(rest).toMatchObject({ code: 0, out: expect.stringMatching(/coupon\.claimed .*followed .*follower:.*F4\n$/) });
});

test('what claim-log refuses is said', async () => {
  expect(await lingquan('events', 'follow', '--from', 'soon')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^✗ .*from: must be beginning, now or an ISO 8601 instant/),
  });
  expect(await lingquan('events', 'follow', '--type', 'coupon.claimd', '--from', 'soon')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/unknown types: coupon\.claimd\n.*coupon\.claimed/), // a slip would wait for ever
  });
  expect(await lingquan('events', 'follow', '--openid', 'o1')).toMatchObject({
    code: 1,
    err: expect.stringContaining('401'),
  });
});
