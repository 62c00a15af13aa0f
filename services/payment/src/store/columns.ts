import type { PoolClient } from 'pg';

/** A pool or a transaction's client. */
export type Queries = Pick<PoolClient, 'query'>;

/** Milliseconds since 1970 and absence, as Postgres has them. */
export const instant = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
export const msOf = (at: Date | null): number | undefined => at?.getTime();

/** bigint and absence, as pg hands them out; sums of money fit a number (checked where they come in). */
export const fenOf = (text: string | null): number | undefined => (text === null ? undefined : Number(text));
