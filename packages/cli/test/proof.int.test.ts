import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decode, outcomeId, toHeaders, topics, uuidOf } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import type { CouponEvent } from '@lingquan/events/coupon.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import { isolate, readTopic, until } from '@lingquan/test-kit';
import { inStore } from './in-store.ts';
import { issuerAndLog } from './issuer-and-log.ts';
import { lingquan } from './lingquan.ts';
import { appid } from './text-push.ts';

type Report = {
  clean: boolean;
  claims: number;
  pushes: number;
  checks: { id: string; checked: number; found: number; evidence: string[] }[];
};

const { system, folder, env, producer, push, start, stop } = issuerAndLog('cli-proof');
beforeAll(async () => {
  await start();
  await system.kafka.ensureTopics([topics.paymentEvents]);
}, 60_000);
afterAll(stop, 60_000);

/** Puts a fact on coupon.events that the issuer never wrote. */
const plant = (causeId: string, type: string, event: MessageInitShape<typeof CouponEventSchema>) =>
  producer.publish([
    {
      topic: topics.couponEvents.name,
      key: event.openid ?? '',
      value: Buffer.from(toBinary(CouponEventSchema, create(CouponEventSchema, { causeId, appid, ...event }))),
      headers: toHeaders({ id: outcomeId(causeId, type), source: 'planted', type, timeMs: Date.now() }),
    },
  ]);

async function claims(): Promise<(CouponEvent & { event: { case: 'couponClaimed' } })[]> {
  const events = (await readTopic(system.kafka, topics.couponEvents.name)).map(({ value }) =>
    decode(CouponEventSchema, value),
  );
  return events.filter(
    (event): event is CouponEvent & { event: { case: 'couponClaimed' } } => event.event.case === 'couponClaimed',
  );
}

async function prove(...args: string[]): Promise<{ code: number; report: Report; faults: string[] }> {
  const { code, json } = await lingquan(env, 'audit', '--from-topics', '--json', ...args);
  const report = json() as Report;
  return { code, report, faults: report.checks.filter(({ found }) => found > 0).map(({ id }) => id) };
}

const evidence = ({ checks }: Report, id: string): string[] => checks.find((check) => check.id === id)!.evidence;

test('a system that was fought over, paused and restocked is proven from its topics, and its log with them', async () => {
  const create5 = ['--name', '减五元', '--kind', 'amount', '--value-fen', '500', '--stock', '5', '--json'];
  const made = await lingquan(env, 'campaign', 'create', '--keyword', '抢', ...create5);
  const { campaignId } = made.json() as { campaignId: string };
  for (let n = 0; n < 30; n += 1) await push(`o-${n % 15}`, n % 7 === 0 ? '在吗' : '抢', `1${n}`);
  await lingquan(env, 'campaign', 'pause', campaignId);
  await Promise.all(Array.from({ length: 10 }, (_, n) => push(`o-late-${n}`, '抢', `2${n}`)));
  await lingquan(env, 'campaign', 'resume', campaignId);
  await lingquan(env, 'campaign', 'stock', campaignId, '+3');
  for (let n = 15; n < 40; n += 1) await push(`o-${n}`, '抢', `3${n}`);
  await until(async () => (await claims()).length === 8, 'sold out');
  const { report, code } = await until(async () => {
    const now = await prove('--log');
    return now.report.checks.every(({ id, found }) => found === 0 || id !== 'log') && now; // claim-log catches up
  }, 'the log holds every event');
  expect(report.checks.filter(({ found }) => found > 0)).toEqual([]);
  expect({ code, clean: report.clean, claims: report.claims, pushes: report.pushes }).toEqual({
    code: 0,
    clean: true,
    claims: 8,
    pushes: 65,
  });
  for (const id of [
    'journal',
    'facts',
    'causes',
    'answered',
    'told',
    'stock',
    'limit',
    'rules',
    'refusals',
    'codes',
    'log',
  ])
    expect([id, report.checks.find((check) => check.id === id)?.checked]).not.toEqual([id, 0]);
}, 60_000);

test('a system at work is proven while it works', async () => {
  const working = (async () => {
    for (let n = 0; n < 400; n += 1) await push(`o-busy-${n % 300}`, n % 5 === 0 ? '在吗' : '抢', `busy-${n}`);
  })();
  for (let turn = 0; turn < 3; turn += 1)
    expect((await prove()).report.checks.filter(({ found }) => found > 0)).toEqual([]);
  await working;
  await until(async () => (await prove()).report.pushes === 465, 'every push is on record');
  await until(async () => {
    const { report, faults } = await prove('--log');
    return faults.length === 0 && report.checks.find(({ id }) => id === 'answered')?.checked === 465;
  }, 'all is decided and logged, and clean');
}, 60_000);

test('a recording of the topics gives the same proof and the same explanation as they do', async () => {
  const file = join(folder, 'day.lqrec');
  const made = await lingquan(env, 'record', '--out', file);
  expect([made.code, made.err]).toEqual([0, expect.anything()]);
  const [live, recorded] = [await prove(), await prove('--recording', file)];
  const sums = ({ report: { claims: count, pushes, checks } }: typeof live) => ({
    count,
    pushes,
    checks: checks.map(({ id, checked, found }) => [id, checked, found]),
  });
  expect(sums(recorded)).toEqual(sums(live));

  const { openid, event } = (await claims())[0]!;
  const explain = async (...args: string[]) => {
    const { code, json } = await lingquan(env, 'explain', '--json', ...args);
    return { code, ...(json() as { held: { code: string }[]; timeline: unknown[] }) };
  };
  const told = await explain('--openid', openid);
  expect(told.held.map((coupon) => coupon.code)).toEqual([event.value.code]);
  expect((await explain('--openid', openid, '--recording', file)).timeline).toEqual(told.timeline);
  const quick = await explain('--openid', openid, '--quick');
  expect(quick.held.map((coupon) => coupon.code)).toEqual([event.value.code]);
  const away = await lingquan(
    { ...env, CLAIM_LOG_URL: 'http://127.0.0.1:1' },
    'explain',
    '--openid',
    openid,
    '--quick',
    '--json',
  );
  expect(away).toMatchObject({ code: 0, err: expect.stringContaining('reading the topics through instead') });
  const byCode = await explain('--code', event.value.code.toLowerCase().replace(/^(....)/, '$1-'));
  expect(byCode).toMatchObject({ code: 0, held: told.held });
  expect(await lingquan(env, 'explain', '--openid', openid)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/领到 \w+「减五元」.* coupon\.events\[\d\]@\d+ #\d+/),
  });
}, 60_000);

test('a line gone from the log is found, with the event it told of', async () => {
  const [gone] = await inStore<{ id: string }>(
    system,
    'claim_log',
    `delete from event where id = (select id from event where type = 'coupon.claimed' limit 1) returning id`,
  );
  const { code, report, faults } = await prove('--log');
  expect({ code, faults }).toEqual({ code: 1, faults: ['log'] });
  expect(evidence(report, 'log')).toEqual([
    expect.stringMatching(/not logged: coupon\.events\[\d\]@\d+/),
    expect.stringContaining(`coupon.claimed  id ${gone!.id}`),
  ]);
}, 60_000);

test('faults planted one after the other are each found, with their places, and no follower is named', async () => {
  expect(await prove()).toMatchObject({ code: 0, faults: [] });
  const [first, second] = await claims();
  const { campaignId, openid } = first!;

  await plant(uuidOf('redeemed by nobody'), 'coupon.redeemed', {
    openid: 'o-nobody',
    campaignId,
    event: {
      case: 'couponRedeemed',
      value: { code: '0010000000001', by: { case: 'till', value: { shop: 's', cashier: 'c' } } },
    },
  });
  const redeemed = await prove();
  expect(redeemed).toMatchObject({ code: 1, faults: ['causes', 'life'] });
  expect(evidence(redeemed.report, 'life').join('\n')).toMatch(
    /nobody ever claimed.*coupon\.events\[\d\]@\d+\n.*code 0010000000001/,
  );

  // The same follower, beyond his limit and the stock, with a code that somebody else has.
  const code = second!.event.value.code;
  await plant(uuidOf('claimed twice'), 'coupon.claimed', {
    openid,
    campaignId,
    event: { case: 'couponClaimed', value: { code } },
  });
  const claimed = await prove();
  expect(claimed.faults).toEqual(['causes', 'stock', 'limit', 'codes', 'life']);
  expect(evidence(claimed.report, 'limit')[0]).toMatch(
    new RegExp(`${campaignId}: .*owns 2.*limit 1, coupon\\.events\\[\\d\\]@\\d+`),
  );
  expect(evidence(claimed.report, 'codes')[0]).toContain(code);
  expect(JSON.stringify(claimed.report)).not.toContain(`"${openid}`);
  expect(JSON.stringify(claimed.report)).not.toContain(` ${openid}`);
}, 60_000);

/** The topics once more in a system of their own, without one record. */
async function without(topic: string, left: (record: IncomingRecord) => boolean) {
  const copy = isolate('cli-proof-copy');
  const names = [
    topics.wechatInbound,
    topics.couponCommands,
    topics.couponEvents,
    topics.couponJournal,
    topics.paymentEvents,
  ];
  await copy.kafka.ensureTopics(names);
  const writer = copy.kafka.producer();
  await until(() => writer.ready().then(() => true), 'the producer is connected');
  for (const { name } of names) {
    const records = (await readTopic(system.kafka, name)).filter((record) => name !== topic || !left(record));
    const copies = records.map((record) => ({
      topic: name,
      partition: record.partition,
      key: record.key ?? '',
      value: record.value!,
      headers: record.headers as Record<string, Buffer>,
    }));
    if (copies.length > 0) await writer.publish(copies);
  }
  await writer.stop();
  const { code, json } = await lingquan({ ...copy.env }, 'audit', '--from-topics', '--json');
  const report = json() as Report;
  await copy.remove();
  return { code, report, faults: report.checks.filter(({ found }) => found > 0).map(({ id }) => id) };
}

test('a line missing in the journal is found, and so is a fact that was never told', async () => {
  const hole = await without(topics.couponJournal.name, ({ offset }) => offset === 5);
  expect(hole.code).toBe(1);
  expect(hole.faults).toContain('journal');
  expect(evidence(hole.report, 'journal')[0]).toMatch(
    /#\d+ \w+\.\w+\[\d\]@\d+–\d+: .*(a gap, \d+–\d+ had no turn|should begin at)/,
  );

  const refused = (await readTopic(system.kafka, topics.couponEvents.name)).find(
    ({ headers }) => headers['ce_type']?.toString() === 'coupon.claim_refused',
  )!;
  const silent = await without(
    topics.couponEvents.name,
    ({ partition, offset }) => partition === refused.partition && offset === refused.offset,
  );
  expect(silent.faults).toContain('answered');
}, 60_000);

test('what cannot be is refused in words', async () => {
  expect(await lingquan({}, 'audit', '--from-topics')).toMatchObject({
    code: 1,
    err: expect.stringContaining('npm start'),
  });
  expect(await lingquan(env, 'audit', '--recording', '/nowhere/day')).toMatchObject({
    code: 2,
    err: expect.stringContaining('/nowhere/day'),
  });
  expect(await lingquan(env, 'audit', '--from-topics', '--answers', 'x')).toMatchObject({ code: 2 });
  expect(await lingquan(env, 'explain')).toMatchObject({ code: 2, err: expect.stringContaining('--openid') });
  expect(await lingquan(env, 'explain', '--code', 'K7Q2M9X4TZ0B1')).toMatchObject({ code: 2 });
  expect(await lingquan(env, 'explain', '--openid', 'o-unheard-of')).toMatchObject({ code: 1 });
}, 60_000);
