import type { Pool } from 'pg';

export type Overview = {
  /** Orders that are not at their end, by state. */
  open: Record<string, number>;
  /** Refunds on their way, by state. */
  refunds: Record<string, number>;
  incidents: number;
  /** For how long the longest due call has been due, in seconds. */
  oldestDueSeconds: number;
};

/** What is under way, counted by partial indexes. */
export async function loadOverview(pool: Pool): Promise<Overview> {
  type Counted = { state: string; count: string };
  const [orders, refunds, rest] = await Promise.all([
    pool.query<Counted>(
      `select state, count(*) from merchant_order where state in ('locking', 'unpaid', 'closing') group by state`,
    ),
    pool.query<Counted>(
      `select state, count(*) from refund where state in ('requested', 'processing', 'abnormal') group by state`,
    ),
    pool.query<{ incidents: string; due_at: Date | null }>(
      `select (select count(*) from incident where resolved_at is null) as incidents, (select min(due_at) from task) as due_at`,
    ),
  ]);
  const counts = (rows: Counted[]) => Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
  const { incidents, due_at: dueAt } = rest.rows[0]!;
  return {
    open: counts(orders.rows),
    refunds: counts(refunds.rows),
    incidents: Number(incidents),
    oldestDueSeconds: dueAt === null ? 0 : Math.max(0, (Date.now() - dueAt.getTime()) / 1000),
  };
}

/** Gives open orders and refunds that have no call due one again: there should be none, so this only mends what went wrong elsewhere. */
export async function mendTasks(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `insert into task (kind, key, out_trade_no, due_at)
     select 'close', out_trade_no, out_trade_no, greatest(pay_until, now()) from merchant_order o
       where state in ('locking', 'unpaid', 'closing') and not exists (select from task where kind = 'close' and key = o.out_trade_no)
     union all
     select 'query_refund', out_refund_no, out_trade_no, now() from refund r
       where state in ('requested', 'processing', 'abnormal')
         and not exists (select from task where kind in ('refund', 'query_refund') and key = r.out_refund_no)
     on conflict do nothing`,
  );
  return rowCount ?? 0;
}
