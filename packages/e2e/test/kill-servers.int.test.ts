import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { connectRedis, redisConnected } from '@lingquan/redis';
import { createLog } from '@lingquan/log';
import { requireCleanAudit } from '../src/audit.ts';
import { createCampaign, lingquan } from '../src/lingquan.ts';
import { startLocalSystem } from '../src/local-system.ts';
import type { ProcessName } from '../src/local-system.ts';

jest.setTimeout(300_000);

const victims: ProcessName[] = ['redis', 'postgres', 'kafka', 'coupon-issuer', 'kafka', 'claim-log'];

async function flushAll(url: string): Promise<void> {
  const redis = connectRedis(url, { log: createLog({ service: 'test', level: 'silent' }) });
  await redisConnected(redis);
  await redis.flushall();
  await redis.quit();
}

test('Kafka, Postgres and Redis killed and emptied under load: they come back by themselves and the audit is clean', async () => {
  await using system = await startLocalSystem({ LIMIT_PER_HOUR: '0', LIMIT_PER_DAY: '0' });
  await createCampaign(system.env, { keyword: '抢', stock: 1000, limit: 2 });
  const answers = join(system.dir, 'answers.jsonl');
  const storm = lingquan(
    system.env,
    'load',
    '--connections',
    '16',
    '--duration',
    '40s',
    '--keyword',
    '抢',
    '--followers',
    '800',
    '--out',
    answers,
    '--json',
  );
  for (const victim of victims) {
    await system.kill(victim);
    await flushAll((await system.servers()).redisUrl);
  }
  expect(await storm).toMatchObject({ exitCode: 0 });
  // More followers than are left to serve: every coupon is gone by the end.
  await lingquan(system.env, 'load', '--connections', '16', '--requests', '1500', '--keyword', '抢', '--json');

  expect((await readFile(answers, 'utf8')).split('\n').length).toBeGreaterThan(100);
  await requireCleanAudit(system, answers);
  const list = JSON.parse((await lingquan(system.env, 'campaign', 'list', '--json')).stdout) as {
    items: { keyword: string; claimed: number }[];
  };
  expect(list.items.find(({ keyword }) => keyword === '抢')).toMatchObject({ claimed: 1000 });
});
