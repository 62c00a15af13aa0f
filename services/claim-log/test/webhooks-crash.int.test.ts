import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { receiver } from './receiver.ts';
import { claimed, logSystem } from './system.ts';
import { webhookClient } from './webhook-client.ts';

jest.setTimeout(120_000);

const claims = (campaignId: string, count: number, first = 0) =>
  Array.from({ length: count }, (_, n) => claimed(`${campaignId}-${first + n}`, { campaignId, openid: `o${n}` }));

test('killed between a message and its note, over and over: every event is received, and noted in the end', async () => {
  await using system = await logSystem('claim-log-hook-kill');
  await using team = await receiver();
  const client = webhookClient(system);
  const { id, secret } = await client.create({ url: team.url, campaign: 'killed' });
  await client.change(id, { paused: true });
  const many = 300;
  await system.publish(claims('killed', many));
  await system.settled();
  await system.stop();
  await system.rows(`update webhook set state = 'active'`);

  const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
  let child: ChildProcess | undefined;
  let killAt = 0;
  team.answer = (response) => {
    response.writeHead(200).end(); // the receiver has it; whether the sender hears of it is another matter
    if (team.received.length >= killAt) child?.kill('SIGKILL');
  };
  for (let kill = 0; kill < 3; kill++) {
    killAt = team.received.length + 40;
    child = spawn(process.execPath, [bin], {
      env: { ...process.env, ...system.env, CLAIM_LOG_PORT: '0' },
      stdio: 'ignore',
    });
    await once(child, 'exit');
    // What a lease that is over looks like: the process that had it is gone.
    await system.rows(`update webhook_delivery set due_at = now() where state = 'pending'`);
  }
  child = undefined;
  const before = team.received.length;
  expect(before).toBeLessThan(many * 2);
  await system.launch();
  await until(async () => (await client.deliveries(id, 'state=delivered')).length === many, 'all are noted', 30_000);
  expect(new Set(team.codes()).size).toBe(many);
  team.verifyAll(secret);
  // One delivery for each event, however often it was sent.
  expect(new Set((await client.deliveries(id)).map(({ eventId }) => eventId)).size).toBe(many);
});

test('two instances share the work: every event once', async () => {
  // On a busy machine an answer may take long; asked for again, its message would come twice.
  await using system = await logSystem('claim-log-hook-two', { WEBHOOK_TIMEOUT_MS: '60000' });
  const other = await system.launchAnother();
  await using team = await receiver();
  const client = webhookClient(system);
  const { id } = await client.create({ url: team.url, campaign: 'shared' });
  for (let first = 0; first < 1000; first += 100) await system.publish(claims('shared', 100, first));
  await until(() => team.received.length >= 1000, 'a thousand', 30_000);
  await until(async () => (await client.show(id)).pending === 0, 'all are noted');
  expect([team.received.length, new Set(team.codes()).size]).toEqual([1000, 1000]);
  const tries = await Promise.all(
    [system.url(), other.url].map(async (url) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^lingquan_webhook_tries_total\{outcome="delivered"\} (\d+)$/m.exec(text)?.[1]);
    }),
  );
  expect(tries[0]! + tries[1]!).toBe(1000);
  expect(Math.min(...tries)).toBeGreaterThan(0);
});

test('Postgres ending its connections is waited out', async () => {
  await using system = await logSystem('claim-log-hook-cut');
  await using team = await receiver();
  const client = webhookClient(system);
  const { id } = await client.create({ url: team.url, campaign: 'cut' });
  for (let cut = 0; cut < 3; cut++) {
    await system.publish(claims('cut', 100, cut * 100));
    await until(() => team.received.length > cut * 100, 'some are sent');
    await system.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
  }
  // What was sent and could not be noted is sent again when its lease is over.
  await until(
    async () => {
      await system.rows(
        `update webhook_delivery set due_at = now() where state = 'pending' and due_at > now() + interval '1 second'`,
      );
      return (await client.deliveries(id, 'state=delivered')).length === 300;
    },
    'all are noted',
    30_000,
  );
  expect(new Set(team.codes()).size).toBe(300);
});
