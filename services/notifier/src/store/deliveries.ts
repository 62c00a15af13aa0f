import { asAppError } from '@lingquan/postgres';
import type { Pool, PoolClient } from 'pg';
import type { Asked, Delivery, Ending } from '../domain/delivery.ts';

/** Makes each of them due now, unless there is a delivery for the same cause already. One statement for the whole round. */
export async function saveDue(client: PoolClient, asked: Asked[]): Promise<void> {
  if (asked.length === 0) return;
  await client.query({
    name: 'delivery-save',
    text: `insert into delivery (cause_id, appid, openid, state, outcome, asked_at, due_at, traceparent)
           select cause_id, appid, openid, 'due', outcome, asked_at, now(), traceparent
           from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[], $6::text[])
             as a (cause_id, appid, openid, outcome, asked_at, traceparent)
           on conflict (cause_id) do nothing`,
    values: [
      asked.map(({ causeId }) => causeId),
      asked.map(({ appid }) => appid),
      asked.map(({ openid }) => openid),
      asked.map(({ outcome }) => (outcome === undefined ? null : Buffer.from(outcome))),
      asked.map(({ askedAtMs }) => new Date(askedAtMs)),
      asked.map(({ traceparent }) => traceparent ?? null),
    ],
  });
}

type DeliveryRow = {
  cause_id: string;
  appid: string;
  openid: string;
  outcome: Buffer | null;
  asked_at: Date;
  turn: number;
  attempts: number;
  traceparent: string | null;
};

const COLUMNS = 'd.cause_id, d.appid, d.openid, d.outcome, d.asked_at, d.turn, d.attempts, d.traceparent';

const toDelivery = (row: DeliveryRow): Delivery => ({
  causeId: row.cause_id,
  appid: row.appid,
  openid: row.openid,
  outcome: row.outcome ?? undefined,
  askedAtMs: row.asked_at.getTime(),
  turn: row.turn,
  attempts: row.attempts,
  traceparent: row.traceparent ?? undefined,
});

/**
 * Takes up to `max` deliveries that are due, the longest due first, passing over what another process is taking. Each is ours
 * for `leaseMs`: it comes due again by itself if this process ends before it is marked as being sent.
 */
export async function takeDue(pool: Pool, max: number, leaseMs: number): Promise<Delivery[]> {
  const { rows } = await ask(
    pool.query<DeliveryRow>({
      name: 'delivery-take',
      text: `update delivery d set turn = d.turn + 1, due_at = now() + $2 * interval '1 ms'
             from (select cause_id from delivery where state = 'due' and due_at <= now()
                   order by due_at limit $1 for update skip locked) p
             where d.cause_id = p.cause_id returning ${COLUMNS}`,
      values: [max, leaseMs],
    }),
  );
  return rows.map(toDelivery);
}

/**
 * Notes that the call is about to be made: from now on only its result may end this delivery. False when it is no longer ours.
 */
export async function markSending(pool: Pool, { causeId, turn }: Delivery): Promise<boolean> {
  const { rowCount } = await ask(
    pool.query({
      name: 'delivery-sending',
      text: `update delivery set state = 'sending', sending_at = now(), attempts = attempts + 1
             where cause_id = $1 and turn = $2 and state = 'due'`,
      values: [causeId, turn],
    }),
  );
  return rowCount === 1;
}

/** Makes it due again at `atMs`. Does nothing when it is no longer ours. */
export async function postpone(pool: Pool, { causeId, turn }: Delivery, atMs: number, errcode: number): Promise<void> {
  await ask(
    pool.query({
      name: 'delivery-postpone',
      text: `update delivery set state = 'due', due_at = $3, errcode = $4
             where cause_id = $1 and turn = $2 and state in ('due', 'sending')`,
      values: [causeId, turn, new Date(atMs), errcode],
    }),
  );
}

/** Ends a delivery for good; what it was to say is removed. Undefined when it is no longer ours, or has ended before. */
export async function end(
  client: PoolClient,
  { causeId, turn }: Delivery,
  ending: Ending,
): Promise<Delivery | undefined> {
  const { rows } = await client.query<DeliveryRow>({
    name: 'delivery-end',
    text: `update delivery d set state = $3, reason = $4, errcode = $5, done_at = now(), outcome = null
           where cause_id = $1 and turn = $2 and state in ('due', 'sending') returning ${COLUMNS}`,
    values: [
      causeId,
      turn,
      ending.kind,
      ending.kind === 'delivered' ? null : ending.reason,
      ending.kind === 'delivered' ? 0 : ending.errcode,
    ],
  });
  return rows.map(toDelivery)[0];
}

/**
 * Gives up what has been `sending` for longer than any call takes: whoever sent it is gone, and nobody knows whether the follower
 * got it. At most `max` at a time.
 */
export async function endStuck(client: PoolClient, olderThanMs: number, max: number): Promise<Delivery[]> {
  const { rows } = await client.query<DeliveryRow>({
    name: 'delivery-stuck',
    text: `update delivery d set state = 'given_up', reason = 'uncertain', errcode = 0, done_at = now(), outcome = null
           from (select cause_id from delivery where state = 'sending' and sending_at < now() - $1 * interval '1 ms'
                 limit $2 for update skip locked) p
           where d.cause_id = p.cause_id returning ${COLUMNS}`,
    values: [olderThanMs, max],
  });
  return rows.map(toDelivery);
}

/** Forgets up to `max` deliveries that ended longer than `olderThanMs` ago; resolves how many there were. */
export async function removeOld(pool: Pool, olderThanMs: number, max: number): Promise<number> {
  const { rowCount } = await ask(
    pool.query(
      `delete from delivery where cause_id in
         (select cause_id from delivery where done_at < now() - $1 * interval '1 ms' limit $2)`,
      [olderThanMs, max],
    ),
  );
  return rowCount ?? 0;
}

const ask = <T>(query: Promise<T>): Promise<T> =>
  query.catch((error: unknown) => {
    throw asAppError(error);
  });
