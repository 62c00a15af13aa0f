import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseName } from '@lingquan/postgres';
import { until } from '@lingquan/test-kit';
import { claimed, logSystem } from './system.ts';
import type { LogSystem } from './system.ts';

let system: LogSystem;
beforeAll(async () => {
  system = await logSystem('claim-log-fail');
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

const BATCH = 200;
/** A killed member keeps its place in the consumer group until its session ends. */
const LONG_MS = 90_000;

/** Publishes batches of a campaign's claims until told to stop; resolves with how many claims there are. */
function pour(campaignId: string) {
  let stopping = false;
  const done = (async () => {
    let count = 0;
    for (let batch = 0; !stopping; batch++, count += BATCH)
      await system.publish(
        Array.from({ length: BATCH }, (_, n) =>
          claimed(`${campaignId}-${batch}-${n}`, { campaignId, openid: `o${n}`, timeMs: Date.now() }),
        ),
      );
    return count;
  })();
  return () => {
    stopping = true;
    return done;
  };
}

const logged = async (campaignId: string): Promise<number> => {
  const [row] = await system.rows<{ events: number }>(
    'select count(*)::int as events from event where campaign_id = $1',
    [campaignId],
  );
  return row!.events;
};
const loggedAtLeast = (campaignId: string, events: number) =>
  until(async () => (await logged(campaignId)) >= events, `${events} events are logged`, 30_000);

/** What the log holds of a campaign once it has caught up: rows, different codes among them, and the count it keeps. */
async function outcome(campaignId: string) {
  await system.settled();
  const [row] = await system.rows<{ events: number; codes: number }>(
    'select count(*)::int as events, count(distinct code)::int as codes from event where campaign_id = $1',
    [campaignId],
  );
  const { body } = await system.get(`/campaigns/${campaignId}/counts`);
  return { ...row, claimed: (body as { claimed: number }).claimed };
}
const exactly = (count: number) => ({ events: count, codes: count, claimed: count });

test(
  'stopped midway and started again, it has lost and doubled nothing',
  async () => {
    const stopPouring = pour('stopped');
    await loggedAtLeast('stopped', 1);
    await system.stop();
    await system.launch();
    await loggedAtLeast('stopped', (await logged('stopped')) + BATCH);
    const count = await stopPouring();
    expect(await outcome('stopped')).toEqual(exactly(count));
  },
  LONG_MS,
);

test(
  'killed midway, twice, it has lost and doubled nothing',
  async () => {
    await system.stop();
    const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
    const stopPouring = pour('killed');
    for (let kill = 0; kill < 2; kill++) {
      const before = await logged('killed');
      const child = spawn(process.execPath, [bin], {
        env: { ...process.env, ...system.env, CLAIM_LOG_PORT: '0' },
        stdio: 'ignore',
      });
      await loggedAtLeast('killed', before + BATCH);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const count = await stopPouring();
    await system.launch();
    expect(await outcome('killed')).toEqual(exactly(count));
  },
  LONG_MS,
);

test(
  'Postgres ending its connections, over and over, is waited out',
  async () => {
    const stopPouring = pour('cut');
    await loggedAtLeast('cut', 1);
    for (let cut = 0; cut < 5; cut++) {
      await system.rows(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
        [databaseName(system.prefix, 'claim_log')],
      );
      await loggedAtLeast('cut', (await logged('cut')) + 1);
    }
    const count = await stopPouring();
    expect(await outcome('cut')).toEqual(exactly(count));
    await until(async () => (await system.get('/readyz')).status === 200, 'it is ready again');
  },
  LONG_MS,
);
