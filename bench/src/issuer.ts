import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { pushId, toHeaders, topics } from '@lingquan/events';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { databaseName } from '@lingquan/postgres';
import { Client } from 'pg';
import type { Mode } from './account.ts';
import { cpuDuring } from './cpu.ts';
import { figuresJson, figuresText } from './figures.ts';
import type { Line } from './figures.ts';
import { insertByHand } from './issuer-by-hand.ts';
import type { Servers } from './servers.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const claims = 60_000;
const keyword = '优惠券';

/**
 * How fast the issuer decides claims that wait on wechat.inbound (read, decide, write, publish; started cold, so with Node still warming
 * up), beside the same rows written by hand: prepared arrays, one transaction per round of the size the issuer's rounds had on average.
 */
export async function run(servers: Servers, mode: Mode) {
  await using opened = new AsyncDisposableStack();
  const stage = await openStage(opened, servers, { name: 'issuer', mode });
  const first = await stage.run('coupon-issuer');
  await stage.createCampaign(keyword);
  await first.stop();
  servers.say('filling wechat.inbound');
  await fill(stage);

  servers.say('deciding');
  const store = await openStore(opened, stage);
  const issuer = await stage.run('coupon-issuer');
  const postgres = servers.pids['postgres'];
  const pids = { issuer: issuer.pid, ...(postgres === undefined ? {} : { postgres }) };
  const { result: drained, cpuMicros } = await cpuDuring(
    pids,
    () => drain(store),
    ({ decided }) => decided,
  );
  const rounds = await roundsOf(issuer.url);
  const perRound = Math.max(1, Math.round(claims / rounds));
  await issuer.stop();

  servers.say('by hand');
  const byHand = await insertByHand(servers, { claims: drained.decided, perRound });
  const lines: Line[] = [
    {
      what: `claims decided, ${perRound} a round`,
      unit: '/s',
      ours: drained.decided / drained.seconds,
      raw: byHand.perSecond,
    },
    { what: 'CPU of the issuer', unit: 'µs/claim', ours: cpuMicros['issuer']! },
    ...(postgres === undefined
      ? []
      : [{ what: 'CPU of Postgres', unit: 'µs/claim', ours: cpuMicros['postgres']!, raw: byHand.postgresMicros }]),
  ];
  console.log(figuresText('issuer', 'SQL by hand', lines));
  return { lines: figuresJson(lines) };
}

/** Pushes of distinct followers, as ingress publishes them, with somebody waiting for each outcome. */
async function fill({ isolated, account }: Stage): Promise<void> {
  const producer = isolated.kafka.producer();
  while (
    !(await producer.ready().then(
      () => true,
      () => false,
    ))
  )
    await delay(20);
  for (let n = 0; n < claims; n += 1000) {
    const records = Array.from({ length: 1000 }, (_, place) => pushRecord(account.appid, n + place));
    await producer.publish(records);
  }
  await producer.stop();
}

function pushRecord(appid: string, n: number): OutgoingRecord {
  const openid = `oBench${String(n).padStart(22, '0')}`;
  const content = { case: 'text', value: { content: keyword } } as const;
  const push = create(InboundPushSchema, {
    appid,
    accountKind: AccountKind.OFFICIAL_ACCOUNT,
    openid,
    toUserName: 'gh_bench',
    msgId: String(n),
    content,
  });
  const envelope = { id: pushId(appid, `msgid:${n}`), source: 'ingress', type: 'wechat.text', timeMs: Date.now() };
  const address = { instance: randomUUID(), partition: 0, deadlineMs: Date.now() + 4000 };
  return {
    topic: topics.wechatInbound.name,
    key: `${appid}:${openid}`,
    value: Buffer.from(toBinary(InboundPushSchema, push)),
    headers: toHeaders(envelope, address),
  };
}

async function openStore(opened: AsyncDisposableStack, { system }: Stage): Promise<Client> {
  const url = new URL(system.postgresUrl);
  url.pathname = `/${databaseName(system.topicPrefix, 'coupon_issuer')}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  opened.defer(() => client.end());
  return client;
}

/** Watches the issuer's positions from when they first move until everything is decided and published. */
async function drain(store: Client): Promise<{ decided: number; seconds: number }> {
  const look = async () => {
    const { rows } = await store.query<{ taken: string; waiting: string }>(
      `select (select coalesce(sum(next_offset), 0) from position where topic = 'wechat.inbound') as taken,
              (select count(*) from outbox) as waiting`,
    );
    return { taken: Number(rows[0]!.taken), waiting: Number(rows[0]!.waiting) };
  };
  let before = 0;
  let startedAt = performance.now();
  for (;;) {
    const { taken, waiting } = await look();
    if (before === 0 && taken < claims) startedAt = performance.now();
    if (before === 0) before = taken;
    if (taken >= claims && waiting === 0)
      return { decided: claims - before, seconds: (performance.now() - startedAt) / 1000 };
    await delay(5);
  }
}

/** Rounds that took records, by the issuer's own count. */
async function roundsOf(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^lingquan_round_seconds_count (\d+)/m.exec(metrics)?.[1] ?? 1);
}
