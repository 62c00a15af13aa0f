import { randomBytes, randomUUID } from 'node:crypto';
import { migrations } from '@lingquan/coupon-issuer';
import { exactlyOnceMigrations } from '@lingquan/exactly-once';
import { createLog } from '@lingquan/log';
import { inTransaction, openStore } from '@lingquan/postgres';
import { Client } from 'pg';
import type { PoolClient } from 'pg';
import { cpuDuring } from './cpu.ts';
import type { Servers } from './servers.ts';

const appid = 'wx0123456789abcdef';
/** What one claim puts into an outbox row: its event and its reply. */
const outboxBytesPerClaim = 800;

type ByHand = { perSecond: number; postgresMicros: number };

/**
 * The rows the issuer writes for `claims` granted claims, written by hand into the same tables: arrays prepared before the clock runs,
 * one transaction per round, nothing read from Kafka, decided or published.
 */
export async function insertByHand(
  servers: Servers,
  { claims, perRound }: { claims: number; perRound: number },
): Promise<ByHand> {
  const url = servers.addresses['POSTGRES_URL']!;
  const database = `bench_issuer_${randomBytes(4).toString('hex')}`;
  const log = createLog({ service: 'bench', level: 'error' });
  const store = await openStore({ url, database, migrations: [exactlyOnceMigrations, migrations], log });
  try {
    await store.pool.query(seed);
    const rounds = Array.from({ length: Math.ceil(claims / perRound) }, (_, round) => prepare(round, perRound));
    const pids = servers.pids['postgres'] === undefined ? {} : { postgres: servers.pids['postgres'] };
    const startedAt = performance.now();
    const { result: seconds, cpuMicros } = await cpuDuring(
      pids,
      async () => {
        for (const one of rounds) await inTransaction(store.pool, (client) => writeRound(client, one));
        return (performance.now() - startedAt) / 1000;
      },
      () => rounds.length * perRound,
    );
    return { perSecond: (rounds.length * perRound) / seconds, postgresMicros: cpuMicros['postgres'] ?? 0 };
  } finally {
    await store.close();
    await removeDatabase(url, database);
  }
}

const seed = `
  insert into campaign (id, number, appid, name, keyword, match, kind, value_fen, percent, threshold_fen, limit_per_user, status, stock)
  values ('bench', 1, '${appid}', '满30减5元券', '优惠券', 1, 1, 500, 0, 0, 1, 1, 100000000);
  insert into position (topic, partition, next_offset) values ('wechat.inbound', 0, 0);`;

type Round = { ids: string[]; openids: string[]; at: string[]; serials: number[]; codes: string[]; outbox: Buffer };

function prepare(round: number, perRound: number): Round {
  const places = Array.from({ length: perRound }, (_, place) => round * perRound + place);
  return {
    ids: places.map(() => randomUUID()),
    openids: places.map((n) => `oBench${String(n).padStart(22, '0')}`),
    at: places.map(() => new Date().toISOString()),
    serials: places.map((n) => n + 1),
    codes: places.map(() => randomBytes(9).toString('hex').slice(0, 16)),
    outbox: randomBytes(perRound * outboxBytesPerClaim),
  };
}

async function writeRound(client: PoolClient, { ids, openids, at, serials, codes, outbox }: Round): Promise<void> {
  const last = serials.at(-1)!;
  await client.query({
    name: 'by-hand-position',
    text: `update position set next_offset = $1 where topic = 'wechat.inbound' and partition = 0`,
    values: [last],
  });
  await client.query({
    name: 'by-hand-claims',
    text: `with attempts as (
             insert into claim (event_id, campaign_id, appid, openid, decided_at, refusal, code)
             select id, 'bench', '${appid}', openid, at, 0, code
             from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[]) as n (id, openid, at, code))
           insert into coupon (cause_id, campaign_id, appid, openid, claimed_at, serial, code, kind, value_fen, percent, threshold_fen)
           select id, 'bench', '${appid}', openid, at, serial, code, 1, 500, 0, 0
           from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::bigint[]) as n (id, openid, at, code, serial)`,
    values: [ids, openids, at, codes, serials],
  });
  await client.query({
    name: 'by-hand-count',
    text: `update campaign set claimed = $1 where id = 'bench'`,
    values: [last],
  });
  await client.query({
    name: 'by-hand-outbox',
    text: `insert into outbox (topic, partition, first_offset, last_offset, content) values ('wechat.inbound', 0, $1, $2, $3)`,
    values: [serials[0]! - 1, last - 1, outbox],
  });
}

async function removeDatabase(url: string, database: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`drop database "${database}" with (force)`);
  await client.end();
}
