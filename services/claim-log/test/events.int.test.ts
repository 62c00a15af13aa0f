import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deadLetterTopic, toHeaders, topics } from '@lingquan/events';
import { RefusalReason, UnusableReason } from '@lingquan/events/coupon.ts';
import { readTopic } from '@lingquan/test-kit';
import { appid, atMs, claimed, created, fact, logSystem, paymentFact, refused, traceparent } from './system.ts';
import type { LogSystem } from './system.ts';

let system: LogSystem;
beforeAll(async () => {
  system = await logSystem('claim-log-events');
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

const TILL = { case: 'till', value: { shop: 's1' } } as const;
const iso = (ms: number) => new Date(ms).toISOString();

test('every kind of event is seen once, as the contract says', async () => {
  const campaignId = 'shape';
  const causeId = '33333333-3333-8333-8333-333333333333';
  const records = [
    created({ campaignId, timeMs: atMs }),
    claimed('SHAPE-1', { campaignId, openid: 'o1', timeMs: atMs + 1, causeId }),
    refused({ campaignId, openid: 'o1', timeMs: atMs + 2 }, RefusalReason.LIMIT_REACHED),
    fact('coupon.framed', undefined, { campaignId, openid: 'o1', timeMs: atMs + 3 }),
  ];
  await system.publish(records);
  await system.settled();
  const { items, next } = await system.page(`campaign=${campaignId}`);
  const ids = records.map(({ headers }) => headers['ce_id']);
  expect(items.map(({ id }) => id)).toEqual(ids);
  expect(next).toBeNull();
  const place = { topic: `${system.prefix}coupon.events`, partition: expect.any(Number), offset: expect.any(Number) };
  const shared = { campaignId, appid, source: 'coupon-issuer', traceparent, kafka: place };
  expect(items[0]).toEqual({
    ...shared,
    id: ids[0],
    type: 'campaign.created',
    time: iso(atMs),
    openid: null,
    code: null,
    outTradeNo: null,
    causeId: expect.any(String),
  });
  expect(items[1]).toEqual({
    ...shared,
    id: ids[1],
    type: 'coupon.claimed',
    time: iso(atMs + 1),
    openid: 'o1',
    code: 'SHAPE-1',
    outTradeNo: null,
    causeId,
  });
  expect(items[2]).toMatchObject({ type: 'coupon.claim_refused', code: null, reason: 'limit_reached' });
  expect(items[3]).toMatchObject({ type: 'coupon.framed', code: null, openid: 'o1' });
});

test('the facts of an order with a coupon are found by order and by code, whoever said them', async () => {
  const outTradeNo = 'ORDER-1';
  const code = 'LIFE-1';
  const said = (n: number) => ({ campaignId: 'life', openid: 'o1', timeMs: atMs + n });
  const by = { case: 'order', value: { outTradeNo } } as const;
  await system.publish([
    claimed(code, said(0)),
    paymentFact('payment.order_created', { case: 'orderCreated', value: {} }, { outTradeNo, code, timeMs: atMs + 1 }),
    fact('coupon.locked', { case: 'couponLocked', value: { code, outTradeNo } }, said(2)),
    fact(
      'coupon.use_refused',
      { case: 'couponUseRefused', value: { code, why: { reason: UnusableReason.LOCKED }, by: TILL } },
      said(3),
    ),
    paymentFact('payment.order_paid', { case: 'orderPaid', value: {} }, { outTradeNo, code, timeMs: atMs + 4 }),
    fact('coupon.redeemed', { case: 'couponRedeemed', value: { code, by } }, said(5)),
    fact('coupon.returned', { case: 'couponReturned', value: { code, outTradeNo } }, said(6)),
    paymentFact(
      'payment.incident_found',
      { case: 'incidentFound', value: { incidentId: 'i1', kind: 'amount_differs' } },
      { outTradeNo, timeMs: atMs + 7 },
    ),
    paymentFact('payment.order_framed', undefined, { outTradeNo, timeMs: atMs + 8 }),
    fact('coupon.expired', { case: 'couponExpired', value: { code } }, said(9)),
  ]);
  await system.settled();
  const types = async (query: string) => (await system.page(query)).items.map(({ type }) => type);
  expect(await types('order=ORDER-1')).toEqual([
    'payment.order_created',
    'coupon.locked',
    'payment.order_paid',
    'coupon.redeemed',
    'coupon.returned',
    'payment.incident_found',
    'payment.order_framed',
  ]);
  expect(await types('code=LIFE-1')).toEqual([
    'coupon.claimed',
    'payment.order_created',
    'coupon.locked',
    'coupon.use_refused',
    'payment.order_paid',
    'coupon.redeemed',
    'coupon.returned',
    'coupon.expired',
  ]);
  expect((await system.page('code=LIFE-1&type=coupon.use_refused')).items).toMatchObject([
    { reason: 'locked', outTradeNo: null, campaignId: 'life' },
  ]);
  expect((await system.page('order=ORDER-1&type=payment.incident_found')).items).toMatchObject([
    {
      reason: 'amount_differs',
      campaignId: null,
      code: null,
      openid: 'o1',
      kafka: { topic: `${system.prefix}payment.events` },
    },
  ]);
});

test('an event keeps its place in Kafka and its bytes', async () => {
  const record = claimed('BYTES-1', { campaignId: 'bytes', openid: 'o1' });
  await system.publish([record]);
  await system.settled();
  const { items } = await system.page('code=BYTES-1');
  const there = await readTopic(system.kafka, topics.couponEvents.name);
  const { partition, offset } = items[0]!.kafka;
  expect(there.find((one) => one.partition === partition && one.offset === offset)!.value).toEqual(record.value);
  const [row] = await system.rows<{ data: Buffer }>('select data from event where code = $1', ['BYTES-1']);
  expect(row!.data).toEqual(record.value);
});

test('what is published twice, together or later, is logged and counted once, at its first place', async () => {
  const twice = claimed('TWICE-1', { campaignId: 'twice', openid: 'o1' });
  await system.publish([twice, twice, claimed('TWICE-2', { campaignId: 'twice', openid: 'o1' })]);
  await system.settled();
  const [first] = (await system.page('code=TWICE-1')).items;
  await system.publish([twice]);
  await system.settled();
  expect((await system.page('campaign=twice')).items).toHaveLength(2);
  expect((await system.page('code=TWICE-1')).items).toEqual([first]);
  expect((await system.get('/campaigns/twice/counts')).body).toMatchObject({ claimed: 2 });
});

test('each filter answers what it asks for, alone and together', async () => {
  const at = Date.UTC(2026, 9, 1);
  await system.publish([
    claimed('F-1', { campaignId: 'f1', openid: 'follower-1', timeMs: at }),
    claimed('F-2', { campaignId: 'f2', openid: 'follower-1', timeMs: at + 1000 }),
    refused({ campaignId: 'f1', openid: 'follower-2', timeMs: at + 2000 }),
    claimed('F-3', { campaignId: 'f1', openid: 'follower-2', timeMs: at + 3000 }),
  ]);
  await system.settled();
  const codes = async (query: string) => (await system.page(query)).items.map(({ code }) => code);
  expect(await codes('openid=follower-1')).toEqual(['F-1', 'F-2']);
  expect(await codes('campaign=f1')).toEqual(['F-1', null, 'F-3']);
  expect(await codes('code=F-2')).toEqual(['F-2']);
  expect(await codes('campaign=f1&type=coupon.claim_refused')).toEqual([null]);
  expect(await codes(`campaign=f1&from=${iso(at)}&to=${iso(at + 3000)}`)).toEqual(['F-1', null]);
  expect(await codes(`campaign=f1&from=${iso(at + 1)}`)).toEqual([null, 'F-3']);
  expect(await codes('campaign=f1&openid=follower-2&type=coupon.claimed')).toEqual(['F-3']);
  expect(await codes(`from=${iso(at)}&to=${iso(at + 3001)}`)).toEqual(['F-1', 'F-2', null, 'F-3']);
  expect(await codes('code=F-404')).toEqual([]);
});

test('events of long ago and of years to come find their month', async () => {
  const times = [Date.UTC(2012, 8, 28, 23), Date.UTC(1999, 11, 31, 23, 59, 59, 999), Date.UTC(2031, 0, 1)];
  await system.publish(
    times.map((timeMs, place) => claimed(`M-${place}`, { campaignId: 'months', openid: 'o1', timeMs })),
  );
  await system.settled();
  const { items } = await system.page('campaign=months');
  expect(items.map(({ code }) => code)).toEqual(['M-1', 'M-0', 'M-2']);
  const partitions = await system.rows<{ name: string }>(
    `select tableoid::regclass::text as name from event where campaign_id = 'months' order by occurred_at`,
  );
  expect(partitions.map(({ name }) => name)).toEqual(['event_1999_12', 'event_2012_09', 'event_2031_01']);
});

test('a month whose partition was removed is made again', async () => {
  const said = { campaignId: 'removed', openid: 'o1', timeMs: Date.UTC(2019, 4, 5) };
  await system.publish([claimed('R-1', said)]);
  await system.settled();
  await system.rows('drop table event_2019_05');
  await system.publish([claimed('R-2', said)]);
  await system.settled();
  expect((await system.page('campaign=removed')).items.map(({ code }) => code)).toEqual(['R-2']);
});

test('what cannot be read becomes a dead letter, alone, and U+0000 breaks nothing', async () => {
  const said = { campaignId: 'poison', openid: 'o1' };
  const good = [claimed('P-1', said), claimed('P\0-2', { ...said, openid: 'o\0' }), claimed('P-3', said)];
  const headers = toHeaders({
    id: '55555555-5555-8555-8555-555555555555',
    source: 'x',
    type: 'coupon.claimed',
    timeMs: atMs,
  });
  const bad = { topic: topics.couponEvents.name, key: 'o1', value: Buffer.from([0xff, 0xff, 0xff]), headers };
  await system.publish([good[0]!, bad, good[1]!, { ...good[0]!, headers: {} }, good[2]!]);
  await system.settled();
  const { items } = await system.page('campaign=poison');
  expect(items.map(({ code }) => code).toSorted()).toEqual(['P-1', 'P-3', 'P\ufffd-2']);
  const dead = await readTopic(system.kafka, deadLetterTopic(topics.couponEvents.name));
  expect(dead.map(({ value }) => value)).toEqual([bad.value, good[0]!.value]);
  expect(dead.map(({ headers: told }) => told['dlq-reason']?.toString())).toEqual([
    expect.stringContaining('these bytes are no lingquan.coupon.v1.CouponEvent'),
    'ce_id is missing or not a UUID',
  ]);
});

test('claims and refusals are counted by campaign', async () => {
  const said = (n: number) => ({ campaignId: 'count/1', openid: `o${n}` });
  await system.publish([
    created({ campaignId: 'count/1' }),
    ...Array.from({ length: 30 }, (_, n) => claimed(`C-${n}`, said(n))),
    ...Array.from({ length: 7 }, (_, n) => refused(said(n))),
    refused(said(1), RefusalReason.PAUSED),
  ]);
  await system.settled();
  const expected = {
    campaignId: 'count/1',
    claimed: 30,
    refused: 8,
    refusedByReason: { sold_out: 7, paused: 1 },
  };
  expect(await system.get('/campaigns/count%2F1/counts')).toEqual({ status: 200, body: expected });
  const { body } = await system.get('/counts');
  expect((body as { items: unknown[] }).items).toContainEqual(expected);
  expect((await system.get('/campaigns/nobody/counts')).status).toBe(404);
});

test('a question that cannot be answered is refused with what is wrong', async () => {
  for (const query of ['limit=501', 'from=2026-11-21', 'cursor=x', 'colour=red']) {
    const { status, body } = await system.get(`/events?${query}`);
    expect(status).toBe(400);
    expect(body).toEqual({ error: 'invalid', message: expect.stringContaining(query.split('=')[0]!) });
  }
});

test('it is ready, and says how it goes', async () => {
  expect((await system.get('/readyz')).status).toBe(200);
});
