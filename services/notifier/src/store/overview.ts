import type { Pool } from 'pg';
import type { State } from '../domain/delivery.ts';

/** A delivery as operators see it. */
export type DeliveryView = {
  causeId: string;
  appid: string;
  openid: string;
  state: State;
  turn: number;
  attempts: number;
  askedAt: Date;
  dueAt: Date;
  doneAt: Date | null;
  reason: string | null;
  errcode: number;
};

/** The newest deliveries, of one state or of all. */
export async function listDeliveries(pool: Pool, state: State | undefined, max: number): Promise<DeliveryView[]> {
  const { rows } = await pool.query<DeliveryView>(
    `select cause_id as "causeId", appid, openid, state, turn, attempts, asked_at as "askedAt", due_at as "dueAt",
            done_at as "doneAt", reason, errcode
     from delivery where $1::text is null or state = $1 order by asked_at desc, cause_id limit $2`,
    [state ?? null, max],
  );
  return rows;
}

/** How many have not ended, and since when the longest due one waits (undefined when none is due). */
export async function countUnended(
  pool: Pool,
): Promise<{ due: number; sending: number; oldestDueAt: Date | undefined }> {
  const { rows } = await pool.query<{ due: string; sending: string; oldest: Date | null }>(
    `select (select count(*) from delivery where state = 'due') as due,
            (select count(*) from delivery where state = 'sending') as sending,
            (select min(due_at) from delivery where state = 'due' and due_at <= now()) as oldest`,
  );
  const { due, sending, oldest } = rows[0]!;
  return { due: Number(due), sending: Number(sending), oldestDueAt: oldest ?? undefined };
}
