import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { requireCleanAudit } from '../src/audit.ts';
import { createCampaign, lingquan } from '../src/lingquan.ts';
import type { ServiceName } from '../src/service-process.ts';
import { paySettings } from '../src/shop.ts';
import { startSystem } from '../src/system.ts';

jest.setTimeout(400_000);

const victims: ServiceName[] = [
  'payment',
  'coupon-issuer',
  'payment',
  'ingress',
  'payment',
  'coupon-issuer',
  'payment',
];

test('services killed while shoppers order, pay and ask money back, notices lost at random: nothing twice, nothing lost', async () => {
  await using system = await startSystem('kill-payment', { PAYMENT_REFUND_GAP_SECONDS: '0' });
  const folder = await mkdtemp(join(tmpdir(), 'lingquan-kill-payment-'));
  const answers = join(folder, 'answers.jsonl');
  await createCampaign(system.env, { stock: 100_000 });
  await paySettings(system, { noticeIntervalMs: 500, refundDelayMs: 100 });

  const shopping = lingquan(
    system.env,
    ...'shop-load --orders 300 --connections 32 --refund-share 0.3 --lost-notices 0.2 --json --out'.split(' '),
    answers,
  );
  for (const victim of victims) {
    await system.service(victim).kill();
    await system.service(victim).start();
  }
  const shopped = await shopping;
  const { ends } = JSON.parse(shopped.stdout) as { ends: Record<string, number> };
  expect(Object.keys(ends).filter((end) => end.startsWith('gave up'))).toEqual([]);
  expect(shopped.exitCode).toBe(0);

  expect((await readFile(answers, 'utf8')).split('\n').length).toBeGreaterThan(300);
  await requireCleanAudit(system, answers);
  await rm(folder, { recursive: true });
});
