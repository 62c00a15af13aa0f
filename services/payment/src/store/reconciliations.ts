import type { Difference } from '../domain/reconcile.ts';
import type { Queries } from './columns.ts';

/** `done`: compared. `not_ready`: the platform has not made the bill yet. `unavailable`: it could not be had now. */
export type Reconciliation = {
  date: string;
  state: 'done' | 'not_ready' | 'unavailable';
  matched: number;
  differences: Difference[];
};

/** Keeps what the latest comparison of a day came to. */
export async function saveReconciliation(client: Queries, ran: Reconciliation): Promise<void> {
  await client.query(
    `insert into reconciliation (day, ran_at, state, matched, differences) values ($1, now(), $2, $3, $4)
     on conflict (day) do update set ran_at = excluded.ran_at, state = excluded.state, matched = excluded.matched,
       differences = excluded.differences`,
    [ran.date, ran.state, ran.matched, JSON.stringify(ran.differences)],
  );
}
