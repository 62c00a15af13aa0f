import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { requireCleanAudit } from '../src/audit.ts';
import { createCampaign, lingquan } from '../src/lingquan.ts';
import type { ServiceName } from '../src/service-process.ts';
import { startSystem } from '../src/system.ts';

jest.setTimeout(240_000);

const victims: ServiceName[] = ['coupon-issuer', 'claim-log', 'ingress', 'notifier', 'coupon-issuer', 'ingress'];

test('each service killed under load and started again: every answered claim is there, and the audit is clean', async () => {
  await using system = await startSystem('kill');
  const folder = await mkdtemp(join(tmpdir(), 'lingquan-kill-'));
  const answers = join(folder, 'answers.jsonl');
  await createCampaign(system.env, { stock: 1500 }); // sells out while the killing goes on
  await createCampaign(system.env, { stock: 100_000, keyword: '常备', limit: 2 });

  const storms = Promise.all([
    lingquan(
      system.env,
      'load',
      '--connections',
      '16',
      '--duration',
      '25s',
      '--followers',
      '2000',
      '--out',
      answers,
      '--json',
    ),
    lingquan(
      system.env,
      'load',
      '--connections',
      '16',
      '--duration',
      '25s',
      '--keyword',
      '常备',
      '--followers',
      '500',
      '--out',
      `${answers}2`,
      '--json',
    ),
  ]);
  for (const victim of victims) {
    await system.service(victim).kill();
    await system.service(victim).start();
  }
  for (const storm of await storms) expect(storm).toMatchObject({ exitCode: 0 });

  for (const file of [answers, `${answers}2`]) {
    expect((await readFile(file, 'utf8')).split('\n').length).toBeGreaterThan(100);
    await requireCleanAudit(system, file);
  }
  await rm(folder, { recursive: true });
});
