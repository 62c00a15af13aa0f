import { inTransaction } from '@lingquan/postgres';
import type { Pool } from 'pg';

/** Any constant: whoever makes partitions of this database holds this advisory lock. */
const LOCK = 7_266_622;
const AHEAD_MONTHS = 2;

export type Partitions = {
  /** Makes the partitions of these instants' months that are not there yet. */
  ensure: (instantsMs: Iterable<number>) => Promise<void>;
  /** Looks again next time: an insert failed, perhaps because somebody has removed a partition. */
  forget: () => void;
};

/** A month is counted from January of year 0, so that the next one is one more. */
const monthOf = (ms: number): number => {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};
const monthName = (month: number): string => `${Math.floor(month / 12)}_${String((month % 12) + 1).padStart(2, '0')}`;
const beginning = (month: number): string => new Date(Date.UTC(Math.floor(month / 12), month % 12)).toISOString();

/** This month and the next ones: made when the service starts. */
export const monthsAhead = (nowMs: number): number[] => {
  const now = new Date(nowMs);
  return Array.from({ length: AHEAD_MONTHS + 1 }, (_, ahead) =>
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead),
  );
};

/** Keeps `event`'s monthly partitions. Months already made cost a look into a set. */
export function eventPartitions(pool: Pool): Partitions {
  const made = new Set<number>();
  return {
    ensure: async (instantsMs) => {
      const missing = new Set<number>();
      for (const ms of instantsMs) {
        const month = monthOf(ms);
        if (!made.has(month)) missing.add(month);
      }
      if (missing.size === 0) return;
      await makePartitions(
        pool,
        [...missing].toSorted((a, b) => a - b),
      );
      for (const month of missing) made.add(month);
    },
    forget: () => made.clear(),
  };
}

/** In a transaction of its own: attaching a finished table lets readers and writers go on, and a rolled-back batch keeps it. */
async function makePartitions(pool: Pool, months: number[]): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const { rows } = await client.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'event'::regclass`,
    );
    const there = new Set(rows.map(({ name }) => name));
    for (const month of months) {
      const name = `event_${monthName(month)}`;
      if (there.has(name)) continue;
      await client.query(`create table ${name} (like event including defaults)`);
      await client.query(
        `alter table event attach partition ${name} for values from ('${beginning(month)}') to ('${beginning(month + 1)}')`,
      );
    }
  });
}
