import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { RefusalReason, Tell } from '@lingquan/events/coupon.ts';
import { GiveUpReason } from '@lingquan/events/gen/lingquan/notifier/v1/events_pb.ts';
import { readTopic, until } from '@lingquan/test-kit';
import type { Outcome } from './issuer-stub.ts';
import { SEND, appid } from './platform.ts';
import { couponEvent, notifierSystem, tellOutcome } from './system.ts';

jest.setTimeout(60_000);

const TOKEN = '/cgi-bin/stable_token';
const claimed = (code = 'ABCD-EFGH'): Outcome => ({
  case: 'claimed',
  value: { code, campaignName: '春日券' },
});

let system: Awaited<ReturnType<typeof notifierSystem>>;
beforeAll(async () => void (system = await notifierSystem('telling')));
afterAll(() => system[Symbol.asyncDispose]());

/** Somebody who wrote, whose push came out as `outcome` (undefined: not decided yet). */
async function asker(outcome?: Outcome) {
  const causeId: string = randomUUID();
  if (outcome !== undefined) system.issuer.outcomes.set(causeId, outcome);
  return { causeId, openid: await system.wechat.writer(`o-${causeId.slice(0, 8)}`) };
}

test('a late outcome is told, once, also when the command comes twice', async () => {
  const { causeId, openid } = await asker(claimed('LATE-CODE'));
  await system.publish([tellOutcome(causeId, openid), tellOutcome(causeId, openid)]);
  expect(await system.ended(causeId)).toMatchObject({
    state: 'delivered',
    attempts: 1,
    fact: { case: 'messageDelivered', value: { attempts: 1 } },
  });
  await system.publish([tellOutcome(causeId, openid)]);
  const later = await asker(claimed());
  await system.publish([tellOutcome(later.causeId, later.openid)]);
  await system.ended(later.causeId);
  const told = await system.wechat.told(openid);
  expect(told).toHaveLength(1);
  expect(told[0]!.split('\n')).toContain('券码：LATE-CODE');
  expect((await system.facts()).filter((fact) => fact.causeId === causeId)).toHaveLength(1);
});

test('an outcome that is not decided yet is told when it is', async () => {
  const { causeId, openid } = await asker();
  const asked = system.issuer.asked;
  await system.publish([tellOutcome(causeId, openid)]);
  await until(() => system.issuer.asked > asked, 'the issuer was asked');
  expect(await system.wechat.told(openid)).toEqual([]);
  system.issuer.outcomes.set(causeId, claimed('THEN-CODE'));
  expect(await system.ended(causeId)).toMatchObject({ state: 'delivered', attempts: 1 });
  expect(await system.wechat.told(openid)).toHaveLength(1);
});

test('while the issuer is down nothing is lost', async () => {
  const { causeId, openid } = await asker(claimed());
  system.issuer.down = true;
  const asked = system.issuer.asked;
  await system.publish([tellOutcome(causeId, openid)]);
  await until(() => system.issuer.asked > asked, 'the issuer was asked');
  system.issuer.down = false;
  expect(await system.ended(causeId)).toMatchObject({ state: 'delivered' });
});

test('when no rule answered the push nothing is due', async () => {
  const { causeId, openid } = await asker({ case: 'noRule', value: {} });
  await system.publish([tellOutcome(causeId, openid)]);
  expect(await system.ended(causeId)).toMatchObject({
    reason: 'nothing_due',
    attempts: 0,
    fact: { case: 'messageGivenUp', value: { reason: GiveUpReason.NOTHING_DUE } },
  });
  expect(await system.wechat.told(openid)).toEqual([]);
});

test('an outcome still missing after an hour, and one asked for two days ago, are given up', async () => {
  const missing = await asker();
  const stale = await asker(claimed());
  await system.publish([
    tellOutcome(missing.causeId, missing.openid, Date.now() - 3_600_000),
    tellOutcome(stale.causeId, stale.openid, Date.now() - 48 * 3_600_000),
  ]);
  expect(await system.ended(missing.causeId)).toMatchObject({ reason: 'nothing_due' });
  expect(await system.ended(stale.causeId)).toMatchObject({ reason: 'expired', attempts: 0 });
});

test("a mini program's claims are told from the event alone; others are passed over, and no text is kept", async () => {
  const one = await asker();
  const other = await asker();
  const replied = await asker();
  const asked = system.issuer.asked;
  await system.publish([
    couponEvent({
      ...replied,
      tell: Tell.REPLY,
      event: { case: 'couponClaimed', value: { code: 'NOT-TOLD', campaignName: '春日券' } },
    }),
    couponEvent({
      ...one,
      tell: Tell.CUSTOMER_SERVICE,
      event: { case: 'couponClaimed', value: { code: 'MINI-CODE', campaignName: '春日券' } },
    }),
    couponEvent({
      ...other,
      tell: Tell.CUSTOMER_SERVICE,
      event: { case: 'couponClaimRefused', value: { reason: RefusalReason.SOLD_OUT, campaignName: '春日券' } },
    }),
  ]);
  expect(await system.ended(one.causeId)).toMatchObject({ state: 'delivered' });
  expect(await system.ended(other.causeId)).toMatchObject({ state: 'delivered' });
  expect((await system.wechat.told(one.openid)).join()).toContain('券码：MINI-CODE');
  expect(await system.wechat.told(other.openid)).toHaveLength(1);
  expect(system.issuer.asked).toBe(asked);
  expect(await system.rows('select 1 from delivery where cause_id = $1', [replied.causeId])).toEqual([]);
  expect(await system.rows(`select 1 from delivery where done_at is not null and outcome is not null`)).toEqual([]);
  const published = (await readTopic(system.kafka, topics.notifierEvents.name)).map(({ value }) => String(value));
  expect(published.join()).not.toContain('CODE');
});

test('a platform that is busy is asked again', async () => {
  const { causeId, openid } = await asker(claimed());
  await system.wechat.breakWith({ kind: 'errcode', errcode: -1, times: 1 });
  await system.publish([tellOutcome(causeId, openid)]);
  expect(await system.ended(causeId)).toMatchObject({
    state: 'delivered',
    attempts: 2,
    fact: { value: { attempts: 2 } },
  });
  expect(await system.wechat.told(openid)).toHaveLength(1);
});

test('a token the platform takes back is replaced once, within the same attempt', async () => {
  const { causeId, openid } = await asker(claimed());
  const tokens = await system.wechat.calls(TOKEN);
  await system.wechat.breakWith({ kind: 'errcode', errcode: 40001, times: 1 });
  await system.publish([tellOutcome(causeId, openid)]);
  expect(await system.ended(causeId)).toMatchObject({ state: 'delivered', attempts: 1 });
  expect(await system.wechat.calls(TOKEN)).toBe(tokens + 1);
});

test('somebody the platform does not let us write to is not tried again', async () => {
  const causeId = randomUUID();
  const openid = await system.wechat.silent('o-silent');
  system.issuer.outcomes.set(causeId, claimed());
  const calls = await system.wechat.calls(SEND);
  await system.publish([tellOutcome(causeId, openid)]);
  expect(await system.ended(causeId)).toMatchObject({
    reason: 'unreachable',
    errcode: 45015,
    fact: { value: { reason: GiveUpReason.UNREACHABLE, errcode: 45015 } },
  });
  expect(await system.wechat.calls(SEND)).toBe(calls + 1);
});

test('our own mistakes are final and say so', async () => {
  const { causeId, openid } = await asker(claimed());
  await system.wechat.breakWith({ kind: 'errcode', errcode: 48001, times: 1 });
  await system.publish([tellOutcome(causeId, openid)]);
  expect(await system.ended(causeId)).toMatchObject({ reason: 'rejected', errcode: 48001 });
});

test('a message whose answer was lost is not repeated, although nobody knows whether it arrived', async () => {
  const { causeId, openid } = await asker(claimed());
  await system.wechat.breakWith({ kind: 'lost', when: 'after', times: 1 });
  await system.publish([tellOutcome(causeId, openid)]);
  expect(await system.ended(causeId)).toMatchObject({
    reason: 'uncertain',
    attempts: 1,
    fact: { value: { reason: GiveUpReason.UNCERTAIN } },
  });
  const next = await asker(claimed());
  await system.publish([tellOutcome(causeId, openid), tellOutcome(next.causeId, next.openid)]);
  await system.ended(next.causeId);
  expect(await system.wechat.told(openid)).toHaveLength(1);
});

test('what cannot be read is put aside, and the next is told', async () => {
  const { causeId, openid } = await asker(claimed());
  const broken = { ...tellOutcome(causeId, openid), value: Buffer.from('no protobuf') };
  await system.publish([broken, tellOutcome('not a uuid', openid), tellOutcome(causeId, openid)]);
  expect(await system.ended(causeId)).toMatchObject({ state: 'delivered' });
  const letters = await until(async () => {
    const found = await readTopic(system.kafka, `${topics.notifierCommands.name}.dlq`);
    return found.length === 2 && found;
  }, 'both are dead letters');
  expect(letters.map(({ headers }) => String(headers['dlq-reason'])).join()).toContain('UUID');
});

test('with Redis emptied it goes on', async () => {
  const { causeId, openid } = await asker(claimed());
  const kept = (await system.redisKeys()).length;
  expect(kept).toBeGreaterThan(0);
  await system.removeRedisKeys();
  await system.wechat.breakWith({ kind: 'errcode', errcode: 42001, times: 1 });
  await system.publish([tellOutcome(causeId, openid)]);
  expect(await system.ended(causeId)).toMatchObject({ state: 'delivered', attempts: 1 });
  expect((await system.redisKeys()).join()).toContain('access-token:');
});

test('operators see deliveries, with followers masked', async () => {
  const { causeId, openid } = await asker(claimed());
  await system.publish([tellOutcome(causeId, openid)]);
  await system.ended(causeId);
  const text = await (await fetch(`${system.url}/deliveries?state=delivered&limit=500`)).text();
  const { items } = JSON.parse(text) as { items: { causeId: string; state: string }[] };
  expect(items.find((item) => item.causeId === causeId)).toMatchObject({ appid, state: 'delivered', errcode: 0 });
  expect(items.every(({ state }) => state === 'delivered')).toBe(true);
  expect(text).not.toContain(openid);
  expect((await fetch(`${system.url}/deliveries?state=lost`)).status).toBe(400);
  expect((await fetch(`${system.url}/deliveries?limit=501`)).status).toBe(400);
  expect(await system.metric('lingquan_deliveries_ended_total{ending="delivered"}')).toMatch(/ [1-9]\d*$/);
  expect(await system.metric(`lingquan_wechat_api_calls_total{path="${SEND}",result="ok"}`)).toMatch(/ [1-9]\d*$/);
  expect(await system.metric('lingquan_access_token_age_seconds')).toContain(appid);
});

test('a quota for the day stops the account until the next one', async () => {
  await system.wechat.breakWith({ kind: 'errcode', errcode: 45009 });
  const first = await asker(claimed());
  await system.publish([tellOutcome(first.causeId, first.openid)]);
  const nextDay = async (causeId: string) => {
    const rows = await system.rows<{ hour: string; errcode: number; attempts: number }>(
      `select extract(hour from due_at at time zone 'Asia/Shanghai')::text as hour, errcode, attempts
       from delivery where cause_id = $1 and due_at > now() + interval '1 minute'`,
      [causeId],
    );
    return rows[0];
  };
  expect(await until(() => nextDay(first.causeId), 'it waits')).toEqual({ hour: '0', errcode: 45009, attempts: 1 });
  const second = await asker(claimed());
  await system.publish([tellOutcome(second.causeId, second.openid)]);
  expect(await until(() => nextDay(second.causeId), 'it waits')).toEqual({ hour: '0', errcode: 0, attempts: 0 });
  await system.wechat.mend();
});
