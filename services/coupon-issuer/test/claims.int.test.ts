import { randomUUID } from 'node:crypto';
import { expect, jest, test } from '@jest/globals';
import { decode, envelopeOf, pushId, topics } from '@lingquan/events';
import { CouponEventSchema, RefusalReason } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { readTopic } from '@lingquan/test-kit';
import { readCode } from '../src/domain/check-digit.ts';
import { appid, command, createCampaign, issuerSystem, push } from './system.ts';

jest.setTimeout(60_000);

type System = Awaited<ReturnType<typeof issuerSystem>>;

const eventsOf = async ({ kafka }: System) =>
  (await readTopic(kafka, topics.couponEvents.name)).map(({ headers, value }) => ({
    ...envelopeOf(headers),
    event: decode(CouponEventSchema, value),
  }));

test('one coupon, 64 followers at once: exactly one gets it, and everybody is told', async () => {
  await using system = await issuerSystem('race');
  await system.publish([createCampaign('one', { stock: 1 })]);
  await system.settled();
  const replyTo = { instance: 'a', partition: 1, deadlineMs: Date.now() + 60_000 };
  await Promise.all(Array.from({ length: 64 }, (_, i) => system.publish([push(`follower-${i}`, { replyTo })])));
  await system.settled();

  const claims = (await eventsOf(system)).filter(({ type }) => type.startsWith('coupon.'));
  expect(claims.filter(({ type }) => type === 'coupon.claimed')).toHaveLength(1);
  expect(claims.filter(({ type }) => type === 'coupon.claim_refused')).toHaveLength(63);
  const replies = (await readTopic(system.kafka, topics.ingressReplies.name)).map(
    ({ value }) => decode(ReplySchema, value).outcome.case,
  );
  expect(replies.toSorted()).toEqual(['claimed', ...Array.from({ length: 63 }, () => 'refused')]);
  expect(await system.rows('select claimed from campaign')).toEqual([{ claimed: '1' }]);
});

test('one follower, 64 messages at once: exactly one coupon, its code shown again', async () => {
  await using system = await issuerSystem('limit');
  await system.publish([createCampaign('many', { stock: 100 })]);
  await system.settled();
  await Promise.all(Array.from({ length: 64 }, () => system.publish([push('follower')])));
  await system.settled();

  const coupons = await system.rows<{ code: string }>('select code from coupon');
  expect(coupons).toHaveLength(1);
  expect(readCode(coupons[0]!.code)).toBe(coupons[0]!.code);
  const refusals = (await eventsOf(system)).flatMap(({ event }) =>
    event.event.case === 'couponClaimRefused' ? [event.event.value] : [],
  );
  expect(refusals).toHaveLength(63);
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ reason: RefusalReason.LIMIT_REACHED, firstCode: coupons[0]!.code });
});

test('the same push again, in the same batch, later, and after a restart, is answered the same and counted once', async () => {
  await using system = await issuerSystem('repeat');
  await system.publish([createCampaign('many', { stock: 100, limitPerUser: 5 })]);
  await system.settled();
  const replyTo = { instance: 'a', partition: 0, deadlineMs: Date.now() + 60_000 };
  const same = push('follower', { msgId: '77', replyTo });
  await system.publish([same, same]);
  await system.settled();
  await system.publish([same]);
  await system.settled();
  await system.restart();
  await system.publish([same]);
  await system.settled();

  expect((await eventsOf(system)).filter(({ type }) => type === 'coupon.claimed')).toHaveLength(1);
  const replies = (await readTopic(system.kafka, topics.ingressReplies.name)).map(({ value }) =>
    decode(ReplySchema, value),
  );
  expect(replies).toHaveLength(4);
  for (const reply of replies) expect(reply).toEqual(replies[0]);
  const answer = await fetch(`${system.url}/outcomes/${pushId(appid, '77')}`);
  expect(decode(ReplySchema, Buffer.from(await answer.arrayBuffer()))).toEqual(replies[0]);
});

test('commands: created, refused, paused and resumed, stock changed; each twice counts once', async () => {
  await using system = await issuerSystem('commands');
  const rival = randomUUID();
  const pause = command('a', { case: 'pauseCampaign', value: { campaignId: 'a' } });
  await system.publish([createCampaign('a')]);
  await system.settled();
  const grow = command('a', { case: 'changeStock', value: { campaignId: 'a', difference: 5n } });
  const refused = { ...createCampaign('b'), headers: { ...createCampaign('b').headers, ce_id: rival } };
  await system.publish([refused]);
  await system.settled();
  await system.publish([pause, pause, grow, grow]);
  await system.settled();
  await system.publish([push('follower')]);
  await system.settled();
  await system.publish([command('a', { case: 'resumeCampaign', value: { campaignId: 'a' } })]);
  await system.settled();
  await system.publish([push('follower')]);
  await system.settled();

  expect(await (await fetch(`${system.url}/commands/${rival}`)).json()).toMatchObject({
    outcome: 'refused',
    reason: 'keyword_taken',
  });
  expect((await fetch(`${system.url}/commands/${randomUUID()}`)).status).toBe(404);
  expect(await (await fetch(`${system.url}/campaigns/a`)).json()).toMatchObject({
    stock: 15,
    claimed: 1,
    status: 'live',
  });
  const types = (await eventsOf(system)).map(({ type }) => type).toSorted();
  expect(types).toEqual([
    'campaign.changed',
    'campaign.changed',
    'campaign.changed',
    'campaign.created',
    'coupon.claim_refused',
    'coupon.claimed',
  ]);
});

test('what is no push or no command goes to the dead letters, alone', async () => {
  await using system = await issuerSystem('poison');
  await system.publish([createCampaign('a', { stock: 5 })]);
  await system.settled();
  const broken = { ...push('follower'), value: Buffer.from('no protobuf') };
  const headless = { ...push('follower'), headers: {} };
  const wrong = command('x', { case: 'pauseCampaign', value: { campaignId: 'no such id: 有空格' } });
  await system.publish([push('before'), broken, headless, push('after'), wrong]);
  await system.settled();

  const dead = await readTopic(system.kafka, 'wechat.inbound.dlq');
  expect(dead.map(({ headers }) => String(headers['dlq-reason'])).toSorted()).toEqual([
    'ce_id is missing or not a UUID',
    expect.stringContaining('these bytes are no lingquan.wechat.v1.InboundPush'),
  ]);
  expect(await readTopic(system.kafka, 'coupon.commands.dlq')).toHaveLength(1);
  expect(await system.rows('select openid from coupon order by openid')).toEqual([
    { openid: 'after' },
    { openid: 'before' },
  ]);
});
