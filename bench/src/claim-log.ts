import { randomBytes, randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { eventRecorder } from '@lingquan/claim-log/consumers/events.ts';
import { readEvent } from '@lingquan/claim-log/domain/logged-event.ts';
import { migrations } from '@lingquan/claim-log/main.ts';
import { eventPartitions, monthsAhead } from '@lingquan/claim-log/store/partitions.ts';
import { outcomeId, toHeaders, topics } from '@lingquan/events';
import { CouponEventSchema, CouponKind } from '@lingquan/events/coupon.ts';
import { RefusalReason } from '@lingquan/events/gen/lingquan/coupon/v1/events_pb.ts';
import type { IncomingRecord, PartitionBatch } from '@lingquan/kafka';
import { createLog } from '@lingquan/log';
import { inTransaction, openStore } from '@lingquan/postgres';
import { Client } from 'pg';
import type { PoolClient } from 'pg';

export type ClaimLogFigures = { events: number; claimLogPerSecond: number; rawInsertPerSecond: number; ratio: number };

const ROUNDS = 60;
const PARTITIONS = 4;
const RECORDS_PER_PARTITION = 500;
const ROUND = PARTITIONS * RECORDS_PER_PARTITION;

/** The record of one claim (one in five refused), as the issuer publishes it. */
function claimRecord(partition: number, offset: number, timeMs: number): IncomingRecord {
  const causeId = randomUUID();
  const refused = offset % 5 === 0;
  const openid = `o${randomBytes(20).toString('base64url').slice(0, 27)}`;
  const value = { kind: CouponKind.AMOUNT, valueFen: 500n };
  const shared = { campaignName: '春日券', value };
  const event = create(CouponEventSchema, {
    causeId,
    appid: 'wx0123456789abcdef',
    campaignId: `campaign-${offset % 3}`,
    openid,
    event: refused
      ? { case: 'couponClaimRefused', value: { ...shared, reason: RefusalReason.SOLD_OUT } }
      : {
          case: 'couponClaimed',
          value: { ...shared, code: randomBytes(9).toString('hex').toUpperCase().slice(0, 14) },
        },
  });
  const type = refused ? 'coupon.claim_refused' : 'coupon.claimed';
  const id = outcomeId(causeId, type);
  const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
  const headers = toHeaders({ id, source: 'coupon-issuer', type, timeMs, traceparent });
  return {
    topic: topics.couponEvents.name,
    partition,
    offset,
    key: Buffer.from(openid),
    value: Buffer.from(toBinary(CouponEventSchema, event)),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  };
}

function rounds(): PartitionBatch[][] {
  const beganAt = Date.now();
  return Array.from({ length: ROUNDS }, (_, round) =>
    Array.from({ length: PARTITIONS }, (_unused, partition) => ({
      topic: topics.couponEvents.name,
      partition,
      records: Array.from({ length: RECORDS_PER_PARTITION }, (_each, place) =>
        claimRecord(partition, round * RECORDS_PER_PARTITION + place, beganAt + round * 100 + Math.floor(place / 5)),
      ),
    })),
  );
}

/** The same rows as arrays, made before the clock runs: the raw side pays for the insert alone. */
function rawColumns(batches: PartitionBatch[]): unknown[][] {
  const events = batches.flatMap(({ records }) => records.map(readEvent));
  return [
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    events.map(({ occurredAtMs }) => new Date(occurredAtMs)),
    events.map(({ source }) => source),
    events.map(({ appid }) => appid),
    events.map(({ openid }) => openid),
    events.map(({ campaignId }) => campaignId),
    events.map(({ code }) => code),
    events.map(({ reason }) => reason),
    events.map(({ causeId }) => causeId),
    events.map(({ traceparent }) => traceparent),
    events.map(({ topic }) => topic),
    events.map(({ partition }) => partition),
    events.map(({ offset }) => offset),
    events.map(({ data }) => data),
  ];
}

const RAW_TABLE = `create table raw_event (id uuid primary key, type text, occurred_at timestamptz, source text, appid text,
  openid text, campaign_id text, code text, reason text, cause_id text, traceparent text, kafka_topic text,
  kafka_partition int, kafka_offset bigint, data bytea)`;

const rawInsert = (client: PoolClient, values: unknown[][]) =>
  client.query({
    name: 'raw-insert',
    text: `insert into raw_event select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[],
      $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::int[], $14::bigint[],
      $15::bytea[])`,
    values,
  });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganAt = performance.now();
  await work();
  return (performance.now() - beganAt) / 1000;
}

/**
 * Events per second through claim-log's store path (decode, insert into the partitioned and indexed log, counts) beside a
 * raw insert of the same rows into a plain table with a primary key. Both sides take turns, one round each, in one run.
 * Needs POSTGRES_URL; makes a database of its own and removes it.
 */
export async function run(): Promise<ClaimLogFigures> {
  const url = process.env['POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432';
  const database = `bench_claim_log_${randomBytes(4).toString('hex')}`;
  const log = createLog({ service: 'bench', level: 'error' });
  const store = await openStore({ url, database, migrations: [migrations], log });
  try {
    await store.pool.query(RAW_TABLE);
    const partitions = eventPartitions(store.pool);
    await partitions.ensure(monthsAhead(Date.now()));
    const record = eventRecorder({ topicPrefix: '', partitions, log });
    const seconds = { ours: 0, raw: 0 };
    for (const batches of rounds()) {
      const values = rawColumns(batches);
      seconds.ours += await timed(() => inTransaction(store.pool, (client, last) => record(client, batches, last)));
      seconds.raw += await timed(() => inTransaction(store.pool, (client) => rawInsert(client, values)));
    }
    return report(seconds);
  } finally {
    await store.close();
    await removeDatabase(url, database);
  }
}

function report(seconds: { ours: number; raw: number }): ClaimLogFigures {
  const events = ROUNDS * ROUND;
  const claimLogPerSecond = Math.round(events / seconds.ours);
  const rawInsertPerSecond = Math.round(events / seconds.raw);
  const ratio = Math.round((claimLogPerSecond / rawInsertPerSecond) * 100) / 100;
  console.log(`claim-log: ${events} events in rounds of ${ROUND}`);
  console.log(`  claim-log  ${claimLogPerSecond} events/s (decode, partitioned insert with five indexes, counts)`);
  console.log(`  raw insert ${rawInsertPerSecond} rows/s (same columns, primary key)`);
  console.log(`  ratio      ${ratio}`);
  return { events, claimLogPerSecond, rawInsertPerSecond, ratio };
}

async function removeDatabase(url: string, database: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`drop database "${database}" with (force)`);
  await client.end();
}
