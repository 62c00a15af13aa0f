import { asAppError } from '@lingquan/postgres';
import type { Pool } from 'pg';
import { COLUMNS, conditions } from './pages.ts';
import type { EventFilter, EventRow } from './pages.ts';

/** An event and its place in the order of writing. */
export type NumberedRow = EventRow & { number: number };

/** So many numbers share a row of log_block. */
export const BLOCK = 10_000;

export type LogOrder = ReturnType<typeof logOrder>;

/** The log in the order of writing: numbers are committed in their order, so whoever has read up to one has missed nothing below it. */
export function logOrder(pool: Pool) {
  const rows = async <R extends object>(text: string, values: unknown[] = []): Promise<R[]> => {
    const result = await pool.query<R>(text, values).catch((error: unknown) => {
      throw asAppError(error);
    });
    return result.rows;
  };
  const firstNumber = async (text: string, values: unknown[]): Promise<number | undefined> => {
    const [row] = await rows<{ number: string | null }>(text, values);
    return typeof row?.number === 'string' ? Number(row.number) : undefined;
  };
  const end = async (): Promise<number> => (await firstNumber('select next_number as number from log_end', []))!;
  return {
    /** The number the next event will get: every smaller one that will ever be is committed. */
    end,
    /** Up to `limit` matching events numbered [from, until), by number. The caller bounds the span, for a filter that finds little. */
    read: async (filter: EventFilter, from: number, until: number, limit: number): Promise<NumberedRow[]> => {
      const { values, add, where } = conditions(filter);
      add((place) => `number >= ${place}`, from);
      add((place) => `number < ${place}`, until);
      const found = await rows<EventRow & { number: string }>(
        `select number, ${COLUMNS} from event where ${where()} order by number limit ${limit}`,
        values,
      );
      return found.map((row) => ({ ...row, number: Number(row.number) }));
    },
    /** The number of the first event written that is of this instant or later; the end of the log when there is none. */
    numberAt: async (instantMs: number): Promise<number> => {
      const at = new Date(instantMs).toISOString();
      const block = await firstNumber('select min(block) as number from log_block where latest_at >= $1', [at]);
      if (block === undefined) return end();
      const number = await firstNumber(
        `select number from event where number >= $1 and number < $2 and occurred_at >= $3 order by number limit 1`,
        [block * BLOCK, (block + 1) * BLOCK, at],
      );
      return number ?? end();
    },
  };
}
