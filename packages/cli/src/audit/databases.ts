import { AppError } from '@lingquan/errors';
import { asAppError, databaseName } from '@lingquan/postgres';
import { Client, DatabaseError } from 'pg';
import type { System } from '../system.ts';
import type { LifeState } from './lives.ts';
import type { AttemptRow, CampaignRow, CouponRow, LogLine } from './stores.ts';

const rowsPerPage = 10_000;
const databaseMissing = '3D000';

/** Opens a service's store to read it. Rejects with `unavailable` when Postgres does not answer, with `not_found` when there is no such store. */
export async function openReader({ postgresUrl, topicPrefix }: System, service: string): Promise<Client> {
  const url = new URL(postgresUrl);
  url.pathname = `/${databaseName(topicPrefix, service)}`;
  const client = new Client({
    connectionString: url.href,
    application_name: 'lingquan audit',
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => undefined); // reported by the query under way
  try {
    await client.connect();
    await client.query('set default_transaction_read_only = on');
    return client;
  } catch (cause) {
    if (cause instanceof DatabaseError && cause.code === databaseMissing)
      throw new AppError(
        'not_found',
        `没有 ${service} 的库，系统启动过吗？ there is no store of ${service}: npm start`,
      );
    throw new AppError('unavailable', 'Postgres 没有回答 does not answer: npm start', { cause: asAppError(cause) });
  }
}

/** Reads a table in pages by its key, each row once, in one snapshot. */
export async function eachRow<Row extends object>(
  client: Client,
  { text, first, keyOf }: { text: string; first: string; keyOf: (row: Row) => string },
  take: (row: Row) => void,
): Promise<void> {
  for (let after = first; ;) {
    const { rows } = await client.query<Row>(`${text} limit ${rowsPerPage}`, [after]);
    for (const row of rows) take(row);
    if (rows.length < rowsPerPage) return;
    after = keyOf(rows.at(-1)!);
  }
}

/** Where a store stands. */
export type StoreStand = {
  positions: { topic: string; partition: number; next: number }[];
  /** Rows that wait to be published. */
  outbox: number;
  /** Things the clock says should happen now and that have not. */
  due: number;
};

export async function readStand(client: Client, due = 'select 0 as count'): Promise<StoreStand> {
  const positions = await client.query<{ topic: string; partition: number; next: string }>(
    'select topic, partition, next_offset as next from position',
  );
  const { rows } = await client.query<{ count: string }>('select count(*) from outbox');
  const waiting = await client.query<{ count: string }>(due);
  return {
    positions: positions.rows.map(({ topic, partition, next }) => ({ topic, partition, next: Number(next) })),
    outbox: Number(rows[0]!.count),
    due: Number(waiting.rows[0]!.count),
  };
}

/** Everything read after this is of one moment: that of the first query. */
export async function freeze(client: Client): Promise<void> {
  await client.query('begin isolation level repeatable read read only');
  await client.query('select 1');
}

/** Reads what is there from now on again. */
export async function thaw(client: Client): Promise<void> {
  await client.query('rollback');
}

/** The issuer keeps the state as a place in this list. */
const lifeStates: readonly LifeState[] = ['issued', 'locked', 'redeemed', 'expired', 'revoked'];
type StoredCoupon = Omit<CouponRow, 'state'> & { state: number };

export type IssuerReader = Awaited<ReturnType<typeof openIssuerStore>>;

/** coupon-issuer's store, to read. */
export async function openIssuerStore(system: System) {
  const client = await openReader(system, 'coupon_issuer');
  return {
    stand: () => readStand(client, 'select count(*) from coupon where due_at <= now()'),
    freeze: () => freeze(client),
    thaw: () => thaw(client),
    coupons: (take: (row: CouponRow) => void) =>
      eachRow(
        client,
        {
          text: `select code, campaign_id as "campaignId", openid, cause_id as "causeId", state,
                   coalesce(case state when 1 then lock_order when 2 then redeemed_order end, '') as order
                 from coupon where code > $1 order by code`,
          first: '',
          keyOf: ({ code }: StoredCoupon) => code,
        },
        (row) => take({ ...row, state: lifeStates[row.state]! }),
      ),
    attempts: (take: (row: AttemptRow) => void) =>
      eachRow(
        client,
        {
          text: `select event_id as "causeId", campaign_id as "campaignId", openid, refusal = 0 as granted, code
                 from claim where event_id > $1::uuid order by event_id`,
          first: '00000000-0000-0000-0000-000000000000',
          keyOf: ({ causeId }: AttemptRow) => causeId,
        },
        take,
      ),
    campaigns: async (): Promise<CampaignRow[]> => {
      const { rows } = await client.query<{ id: string; stock: string; claimed: string }>(
        'select id, stock, claimed from campaign',
      );
      return rows.map(({ id, stock, claimed }) => ({ id, stock: Number(stock), claimed: Number(claimed) }));
    },
    close: () => client.end(),
  };
}

export type LogReader = Awaited<ReturnType<typeof openLogStore>>;

type EventRow = {
  number: string;
  id: string;
  type: string;
  time: string;
  appid: string;
  openid: string;
  campaign: string;
  code: string;
  order: string;
  cause: string;
  md5: string;
  topic: string;
  partition: number;
  offset: string;
};

/** claim-log's store, to read. */
export async function openLogStore(system: System) {
  const client = await openReader(system, 'claim_log');
  return {
    stand: () => readStand(client),
    freeze: () => freeze(client),
    thaw: () => thaw(client),
    lines: (take: (line: LogLine) => void) =>
      eachRow(
        client,
        {
          text: `select number, id, type, (extract(epoch from occurred_at) * 1000)::bigint as time, coalesce(appid, '') as appid,
                   coalesce(openid, '') as openid, coalesce(campaign_id, '') as campaign, coalesce(code, '') as code,
                   coalesce(out_trade_no, '') as order, coalesce(cause_id, '') as cause, md5(data), kafka_topic as topic,
                   kafka_partition as partition, kafka_offset as "offset"
                 from event where number > $1::bigint order by number`,
          first: '-1',
          keyOf: ({ number }: EventRow) => number,
        },
        (row) => take(lineOf(row, system.topicPrefix)),
      ),
    close: () => client.end(),
  };
}

const lineOf = (row: EventRow, prefix: string): LogLine => ({
  id: row.id,
  type: row.type,
  timeMs: Number(row.time),
  appid: row.appid,
  openid: row.openid,
  campaignId: row.campaign,
  code: row.code,
  outTradeNo: row.order,
  causeId: row.cause,
  valueMd5: row.md5,
  topic: row.topic.slice(prefix.length),
  partition: row.partition,
  offset: Number(row.offset),
});
