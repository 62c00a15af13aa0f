import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { runAudit } from '../src/audit/run-audit.ts';
import { findSystem } from '../src/system.ts';
import { inStore } from './in-store.ts';
import { issuerAndLog } from './issuer-and-log.ts';
import { lingquan } from './lingquan.ts';

type Report = {
  clean: boolean;
  claims: number;
  checks: { id: string; checked: number; found: number; evidence: string[] }[];
};

const { system, folder, env, push, start, stop, stopLog } = issuerAndLog('cli-audit');
beforeAll(start, 60_000);
afterAll(stop, 60_000);

async function campaign(keyword: string, stock: number): Promise<string> {
  const terms = ['--name', '减五元', '--kind', 'amount', '--value-fen', '500', '--stock', String(stock)];
  const made = await lingquan(env, 'campaign', 'create', '--keyword', keyword, ...terms, '--json');
  return (made.json() as { campaignId: string }).campaignId;
}

async function audit(...args: string[]): Promise<{ code: number; report: Report }> {
  const { code, json } = await lingquan(env, 'audit', '--json', ...args);
  return { code, report: json() as Report };
}

const faults = ({ checks }: Report) => checks.filter(({ found }) => found > 0).map(({ id }) => id);

test('a system that was fought over, paused and restocked is clean', async () => {
  const [few, paused] = [await campaign('抢', 5), await campaign('停', 100)];
  for (let n = 0; n < 40; n += 1) await push(`o-few-${n % 20}`, '抢', `1${n}`);
  await Promise.all(Array.from({ length: 20 }, (_, n) => push(`o-paused-${n}`, '停', `2${n}`)));
  await lingquan(env, 'campaign', 'pause', paused);
  await Promise.all(Array.from({ length: 20 }, (_, n) => push(`o-late-${n}`, '停', `3${n}`)));
  await lingquan(env, 'campaign', 'resume', paused);
  await lingquan(env, 'campaign', 'stock', few, '+3');
  for (let n = 20; n < 40; n += 1) await push(`o-few-${n}`, '抢', `4${n}`);
  const { code, report } = await audit();
  expect(faults(report)).toEqual([]);
  expect({ code, clean: report.clean }).toEqual({ code: 0, clean: true });
  expect(report.claims).toBeGreaterThanOrEqual(8);
  for (const id of ['journal', 'facts', 'codes', 'stock', 'limit', 'log', 'coupons', 'attempts', 'counts'])
    expect(report.checks.find((check) => check.id === id)?.checked).toBeGreaterThan(0);
}, 60_000);

test('a push that comes during the audit, once, makes it look again', async () => {
  let disturbed = 0;
  const waits: string[][] = [];
  const report = await runAudit({
    system: findSystem(env),
    restWithinMs: 30_000,
    onWait: (lagging) => void waits.push(lagging),
    onRead: () => {
      if (disturbed++ > 0) return;
      void push('o-meanwhile', '停', '50');
    },
  });
  expect(faults(report)).toEqual([]);
  expect(waits.flat()).toContainEqual(expect.stringContaining('wechat.inbound'));
  const [said] = await inStore<{ count: string }>(
    system,
    'coupon_issuer',
    `select count(*) from claim where openid = 'o-meanwhile'`,
  );
  expect(said).toEqual({ count: '1' });
}, 60_000);

test('what a follower was told must be there', async () => {
  const file = join(folder, 'answers.jsonl');
  const [told] = await inStore<{ openid: string; code: string }>(
    system,
    'coupon_issuer',
    'select openid, code from coupon limit 1',
  );
  writeFileSync(file, `${JSON.stringify(told)}\n`);
  expect(await audit('--answers', file)).toMatchObject({ code: 0 });
  writeFileSync(file, `${JSON.stringify({ ...told, code: 'LOST' })}\n`);
  const { code, report } = await audit('--answers', file);
  expect({ code, faults: faults(report) }).toEqual({ code: 1, faults: ['answers'] });
}, 60_000);

test('a line gone from the log is found, with its place in the topic', async () => {
  const [gone] = await inStore<{ id: string }>(
    system,
    'claim_log',
    `delete from event where id = (select id from event where type = 'coupon.claimed' limit 1) returning id`,
  );
  const { code, report } = await audit();
  expect({ code, faults: faults(report) }).toEqual({ code: 1, faults: ['log'] });
  expect(report.checks.find(({ id }) => id === 'log')?.evidence).toEqual([
    expect.stringMatching(new RegExp(`^${gone!.id}: .*coupon\\.events\\[\\d\\]@\\d+`)),
  ]);
}, 60_000);

test('a consumer that does not catch up is found, after the time it was given', async () => {
  await stopLog();
  await push('o-unlogged', '停', '99');
  await until(async () => {
    const rows = await inStore(system, 'coupon_issuer', `select 1 from claim where openid = 'o-unlogged'`);
    return rows.length === 1;
  }, 'the push is decided');
  const { code, report } = await audit('--wait', '1s');
  expect(code).toBe(1);
  expect(faults(report)).toContain('rest');
}, 60_000);
