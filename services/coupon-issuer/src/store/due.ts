import type { PoolClient } from 'pg';

/** A coupon, and when the clock does something to it next. */
export type Due = { code: string; dueAtMs: number };

type Row = { code: string; due_at: Date };
const dueOf = ({ code, due_at }: Row): Due => ({ code, dueAtMs: due_at.getTime() });

/** The first of all coupons to be due; undefined when none ever is. One look at an index. */
export async function firstDue(client: Pick<PoolClient, 'query'>): Promise<Due | undefined> {
  const { rows } = await client.query<Row>({
    name: 'due-first',
    text: 'select code, due_at from coupon where due_at is not null order by due_at limit 1',
  });
  return rows[0] && dueOf(rows[0]);
}

/** Those due at `nowMs`, the longest due first. */
export async function loadDue(client: Pick<PoolClient, 'query'>, nowMs: number, max: number): Promise<Due[]> {
  const { rows } = await client.query<Row>({
    name: 'due-load',
    text: 'select code, due_at from coupon where due_at <= $1 order by due_at limit $2',
    values: [new Date(nowMs), max],
  });
  return rows.map(dueOf);
}
