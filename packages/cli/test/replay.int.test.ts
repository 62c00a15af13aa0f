import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { connectKafka } from '@lingquan/kafka';
import { lingquan } from './lingquan.ts';
import { replayableSystem } from './replayable.ts';

jest.setTimeout(120_000);

let replayable: Awaited<ReturnType<typeof replayableSystem>>;
let env: Record<string, string>;
let dir: string;
let file: string;
let campaignId: string;

beforeAll(async () => {
  replayable = await replayableSystem('cli-replay');
  ({ env, dir, file, campaignId } = replayable);
});
afterAll(() => replayable[Symbol.asyncDispose]());

test('a recording decided again comes to the same outcome, and leaves nothing but the outcome behind', async () => {
  const { code, json } = await lingquan(env, 'replay', file, '--system', 'same', '--json');
  expect(code).toBe(0);
  expect(json()).toMatchObject({ same: true, differences: [], replay: { decided: 152, undecided: 0 } });
  const { types } = json() as { types: { type: string; a: number; b: number }[] };
  expect(types).toContainEqual(expect.objectContaining({ type: 'coupon.claimed', a: 60, b: 60 }));
  expect(types).toContainEqual(expect.objectContaining({ type: 'ingress.reply', a: 150, b: 150 }));
  const human = await lingquan(env, 'compare', file, `${file}.outcome`);
  expect(human.out).toContain('结果相同');
  expect((await lingquan(env, 'compare', file)).code).toBe(0); // with the running system itself
});

test('what if there had been more, or fewer, or two for each', async () => {
  const whatIf = async (...args: string[]) =>
    (await lingquan(env, 'what-if', file, '--campaign', campaignId, '--json', ...args)).json();
  expect(await whatIf('--stock', '1000')).toMatchObject({
    before: { coupons: 60, costFen: 30_000 },
    after: { coupons: 120, followers: 120, costFen: 60_000 },
    gained: 60,
    lost: 0,
  });
  const list = join(dir, 'followers.csv');
  expect(await whatIf('--stock', '10', '--followers', list)).toMatchObject({
    after: { coupons: 10 },
    gained: 0,
    lost: 50,
  });
  expect((await readFile(list, 'utf8')).split('\n')).toHaveLength(52);
  expect(await whatIf('--stock', '1000', '--limit', '2')).toMatchObject({ after: { coupons: 150, followers: 120 } });
  const unknown = await lingquan(env, 'what-if', file, '--campaign', 'no-such', '--stock', '1');
  expect(unknown.code).toBe(2);
});

test('a recording that another code secret belongs to is found out', async () => {
  const copy = join(dir, 'copy.lqrec');
  await copyFile(file, copy);
  const { code, json } = await lingquan(
    { ...env, COUPON_CODE_SECRET: 'ef'.repeat(32) },
    'replay',
    copy,
    '--system',
    'secret',
    '--json',
  );
  expect(code).toBe(1);
  const { types } = json() as { types: { type: string }[] };
  expect(types).toContainEqual(expect.objectContaining({ type: 'coupon.claimed', differing: 60 }));
});

test('sent again into an isolated system, where partitions race: the same totals, no promise broken, nothing left behind', async () => {
  const { code, err, json } = await lingquan(
    env,
    'replay',
    file,
    '--free',
    '--system',
    'free',
    '--rate',
    '500',
    '--json',
  );
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  const report = json() as { comparison: { types: { type: string }[] } };
  expect(report).toMatchObject({ sent: 152, cut: { replies: 150, messages: 0 }, proof: { clean: true } });
  expect(report.comparison.types).toContainEqual(expect.objectContaining({ type: 'coupon.claimed', a: 60, b: 60 }));
  const left = connectKafka({
    brokers: env['KAFKA_BROKERS']!.split(','),
    clientId: 'test',
    log: replayable.log,
    topicPrefix: 'replay-free.',
  });
  expect(await left.topicNames()).toEqual([]);
  await left.close();
});

test('what would be sent is said beforehand; filters leave the rest out', async () => {
  const dry = async (...args: string[]) =>
    (await lingquan(env, 'replay', file, '--free', '--dry-run', '--json', ...args)).json();
  expect(await dry('--rate', '100')).toMatchObject({ records: 152, takesSeconds: 1.52 });
  expect(await dry('--topics', 'wechat.inbound')).toMatchObject({ byTopic: { 'wechat.inbound': 150 } });
  expect(await dry('--openid', 'oFollower3')).toMatchObject({ byTopic: { 'wechat.inbound': 2, 'coupon.commands': 2 } });
  expect(await dry('--campaign', campaignId)).toMatchObject({ records: 152 });
  expect(await dry('--to', '2020-01-01T00:00:00Z')).toMatchObject({ records: 0 });
  expect((await lingquan(env, 'replay', file, '--openid', 'oFollower3')).code).toBe(2); // exact takes all or nothing
});
