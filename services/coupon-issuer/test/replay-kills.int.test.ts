import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { databaseName } from '@lingquan/postgres';
import { until } from '@lingquan/test-kit';
import { Client } from 'pg';
import { replayConfig } from '../src/replay/config.ts';
import { runReplay } from '../src/replay/run-replay.ts';
import { recordReplayable } from './replayed-from-file.ts';
import { codeSecret, command, createCampaign, issuerSystem, push } from './system.ts';

jest.setTimeout(300_000);

const program = fileURLToPath(new URL('../src/replay/bin.ts', import.meta.url));

test('a replay that is killed again and again comes to the same outcome as one that is not', async () => {
  await using system = await issuerSystem('replay-kills');
  await system.publish([createCampaign('scarce', { stock: 300, limitPerUser: 2 })]);
  for (let wave = 0; wave < 15; wave++) {
    const pushes = Array.from({ length: 60 }, (_, i) =>
      push(`follower-${(wave * 37 + i) % 400}`, wave % 5 === 4 ? { msgId: `again-${i}` } : {}),
    );
    const campaignId = 'scarce';
    await system.publish([
      ...pushes,
      command(campaignId, { case: 'changeStock', value: { campaignId, difference: wave % 2 === 0 ? 7n : -3n } }),
    ]);
    await system.settled();
  }
  const dir = await mkdtemp(join(tmpdir(), 'lingquan-kills-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(dir, { recursive: true }));
  const file = join(dir, 'recorded');
  await recordReplayable(system, file);

  const settings = (name: string) => ({
    POSTGRES_URL: system.env.POSTGRES_URL,
    COUPON_CODE_SECRET: codeSecret,
    REPLAY_FILE: file,
    REPLAY_OUTCOME: join(dir, name),
    REPLAY_DATABASE: databaseName(system.prefix, name),
    REPLAY_ROUND: '20',
  });
  const quiet = { log: system.log, onProgress: () => undefined };
  const whole = await runReplay(replayConfig(settings('whole')), quiet);

  const env = settings('killed');
  const url = new URL(env.POSTGRES_URL);
  url.pathname = `/${env.REPLAY_DATABASE}`;
  const decided = async (): Promise<number> => {
    const client = new Client({ connectionString: url.href });
    try {
      await client.connect();
      const { rows } = await client.query<{ decided: string }>('select decided from replay');
      return Number(rows[0]?.decided ?? 0);
    } catch {
      return 0; // not made yet
    } finally {
      await client.end();
    }
  };
  let kills = 0;
  for (const from of [1, 250, 500]) {
    const child = spawn(process.execPath, [program], { env: { ...process.env, ...env }, stdio: 'ignore' });
    const ended = once(child, 'exit');
    await until(async () => (await decided()) >= from || child.exitCode !== null, `decided ${from}`, 100_000);
    child.kill('SIGKILL');
    await ended;
    if (child.signalCode === 'SIGKILL') kills++;
  }
  expect(kills).toBeGreaterThan(0); // the last may have been done before its kill came
  const killed = await runReplay(replayConfig(env), quiet);
  expect(killed.decidedNow).toBeLessThan(whole.decided);
  expect(killed.decided).toBe(whole.decided);
  expect(killed.said).toEqual(whole.said);
  expect(killed.outcome.partitions).toEqual(whole.outcome.partitions);
  expect(killed.outcome.digest).toBe(whole.outcome.digest);
});
