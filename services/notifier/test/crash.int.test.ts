import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { GiveUpReason } from '@lingquan/events/gen/lingquan/notifier/v1/events_pb.ts';
import { until } from '@lingquan/test-kit';
import type { Outcome } from './issuer-stub.ts';
import { SEND, callbackIps } from './platform.ts';
import { notifierSystem, tellOutcome } from './system.ts';

jest.setTimeout(60_000);

const claimed: Outcome = { case: 'claimed', value: { code: 'ABCD-EFGH', campaignName: '春日券' } };

type System = Awaited<ReturnType<typeof notifierSystem>>;

async function asker(system: System) {
  const causeId: string = randomUUID();
  system.issuer.outcomes.set(causeId, claimed);
  return { causeId, openid: await system.wechat.writer(`o-${causeId.slice(0, 8)}`) };
}

/** The notifier as a process of its own, as it runs in production. */
function launch(env: Record<string, string>) {
  const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
  const child = spawn(process.execPath, [bin], { env: { ...process.env, ...env }, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

test('killed during the call: the message is not sent again, and said to be uncertain', async () => {
  await using system = await notifierSystem('kill', { sendingMaxMs: 2000 });
  await system.stopAll();
  const { causeId, openid } = await asker(system);
  const other = await asker(system);
  await system.wechat.breakWith({ kind: 'slow', ms: 4000, times: 1 });
  const child = launch(system.env);
  try {
    await system.publish([tellOutcome(causeId, openid)]);
    await until(async () => (await system.wechat.faults()) === 0, 'the call has reached the platform', 30_000);
  } finally {
    await child.kill();
  }
  await system.startAnother();
  expect(await system.ended(causeId)).toMatchObject({
    reason: 'uncertain',
    attempts: 1,
    fact: { case: 'messageGivenUp', value: { reason: GiveUpReason.UNCERTAIN } },
  });
  await system.publish([tellOutcome(causeId, openid), tellOutcome(other.causeId, other.openid)]);
  expect(await system.ended(other.causeId)).toMatchObject({ state: 'delivered' });
  await until(async () => (await system.wechat.calls(SEND)) === 2, 'the slow call is over on the other side');
  expect((await system.wechat.told(openid)).length).toBeLessThanOrEqual(1);
  expect(await system.wechat.told(other.openid)).toHaveLength(1);
});

test('killed before the call: the message is sent after the restart', async () => {
  await using system = await notifierSystem('before');
  const { causeId, openid } = await asker(system);
  system.issuer.outcomes.delete(causeId);
  await system.publish([tellOutcome(causeId, openid)]);
  await until(() => system.issuer.asked > 0, 'it was taken up');
  await system.stopAll();
  // As a process leaves it that was killed between taking it up and marking it as being sent, its lease over.
  await system.rows(`update delivery set due_at = now(), turn = turn + 1 where cause_id = $1`, [causeId]);
  system.issuer.outcomes.set(causeId, claimed);
  await system.startAnother();
  expect(await system.ended(causeId)).toMatchObject({ state: 'delivered', attempts: 1 });
  expect(await system.wechat.told(openid)).toHaveLength(1);
});

test('two notifiers share the work and one token, and tell everybody once', async () => {
  await using system = await notifierSystem('two');
  await system.startAnother();
  const askers = await Promise.all(Array.from({ length: 60 }, () => asker(system)));
  await system.publish(askers.map(({ causeId, openid }) => tellOutcome(causeId, openid)));
  await until(
    async () => (await system.rows(`select 1 from delivery where state = 'delivered'`)).length === askers.length,
    'all are told',
  );
  for (const { openid } of askers) expect(await system.wechat.told(openid)).toHaveLength(1);
  expect(await system.wechat.calls(SEND)).toBe(askers.length);
  expect(await system.wechat.calls('/cgi-bin/stable_token')).toBe(1);
});

test('while the platform fails the breaker opens and spares it; when it is well everybody is told once', async () => {
  await using system = await notifierSystem('breaker', { breaker: { callsMin: 5, resetMs: 300 } });
  const state = () => system.metric('lingquan_breaker_state{name="wechat message"}');
  await system.wechat.breakWith({ kind: 'errcode', errcode: -1 });
  const askers = await Promise.all(Array.from({ length: 40 }, () => asker(system)));
  await system.publish(askers.map(({ causeId, openid }) => tellOutcome(causeId, openid)));
  await until(async () => (await state())?.endsWith(' 1'), 'the breaker is open');
  await system.wechat.mend();
  await until(
    async () => (await system.rows(`select 1 from delivery where state = 'delivered'`)).length === askers.length,
    'all are told',
    30_000,
  );
  for (const { openid } of askers) expect(await system.wechat.told(openid)).toHaveLength(1);
  expect(await state()).toMatch(/ 0$/);
});

test('the callback addresses of each account are in Redis', async () => {
  await using system = await notifierSystem('addresses');
  const list = await until(async () => (await system.redisGet('callback-ips:{wx1}')) ?? undefined, 'they are there');
  expect(JSON.parse(list)).toEqual(callbackIps);
});
