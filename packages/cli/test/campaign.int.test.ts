import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { start } from '@lingquan/coupon-issuer';
import { config } from '@lingquan/coupon-issuer/config.ts';
import { isolate } from '@lingquan/test-kit';
import { lingquan as call } from './lingquan.ts';

const system = isolate('cli-campaign');
const appid = 'wx0000000000000001';
let issuer: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  const env = { ...system.env, COUPON_ISSUER_PORT: '0', COUPON_CODE_SECRET: randomBytes(32).toString('hex') };
  const onFatal = (error: Error) => system.log.error({ err: error }, 'the issuer cannot go on');
  issuer = await start(config(env), { log: system.log, onFatal });
}, 60_000);

afterAll(async () => {
  await issuer.stop();
  await system.remove();
}, 30_000);

const lingquan = (...args: string[]) =>
  call({ ...system.env, COUPON_ISSUER_URL: issuer.url, WECHAT_APP_ID: appid }, ...args);

const create = (keyword: string, ...more: string[]) =>
  lingquan(
    'campaign',
    'create',
    '--keyword',
    keyword,
    '--name',
    '满减',
    '--kind',
    'amount',
    '--value-fen',
    '500',
    '--stock',
    '10',
    '--json',
    ...more,
  );

test('a campaign can be claimed when create returns, and prints one line of JSON', async () => {
  const made = await create('优惠券');
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(made.out.trimEnd().split('\n')).toHaveLength(1);
  const { items } = (await lingquan('campaign', 'list', '--json')).json() as { items: unknown[] };
  expect(items).toContainEqual(
    expect.objectContaining({
      ...(made.json() as object),
      status: 'live',
      kind: 'amount',
      valueFen: 500,
      stock: 10,
      claimed: 0,
      limit: 1,
    }),
  );
}, 30_000);

test('a second live campaign with the same keyword is refused with 1 and the reason in words', async () => {
  await create('同一个词');
  const second = await create('同一个词');
  expect(second).toMatchObject({ code: 1, out: '' });
  expect(second.err).toContain('keyword');
}, 30_000);

test('pause, resume and stock show the campaign as it is then', async () => {
  const { campaignId } = (await create('变化')).json() as { campaignId: string };
  const change = async (...args: string[]) => (await lingquan('campaign', ...args, '--json')).json();
  expect(await change('pause', campaignId)).toMatchObject({ campaignId, status: 'paused' });
  expect(await change('resume', campaignId)).toMatchObject({ status: 'live' });
  expect(await change('stock', campaignId, '+5')).toMatchObject({ stock: 15 });
  expect(await change('stock', campaignId, '-1')).toMatchObject({ stock: 14 });
  expect(await change('stock', campaignId, '--set', '3')).toMatchObject({ stock: 3 });
  expect(await lingquan('campaign', 'stock', campaignId, '--remove', '4')).toMatchObject({ code: 1 });
}, 30_000);

test('a campaign that is not there is said so, with 1', async () => {
  expect(await lingquan('campaign', 'pause', 'nosuchone')).toMatchObject({
    code: 1,
    err: expect.stringContaining('没有这个活动'),
  });
}, 30_000);

test('wrong flags end with 2 before anything is sent', async () => {
  expect(await create('percent', '--kind', 'percent')).toMatchObject({ code: 2 });
  expect(await lingquan('campaign', 'create')).toMatchObject({ code: 2 });
  expect(await lingquan('campaigns')).toMatchObject({ code: 2 });
});
