import { asAppError } from '@lingquan/postgres';
import type { Pool } from 'pg';
import type { Walk } from '../domain/walk.ts';

/** What a reader wants to see; a field that is absent asks for nothing. `to` is exclusive. */
export type EventFilter = {
  openid?: string | undefined;
  campaign?: string | undefined;
  code?: string | undefined;
  order?: string | undefined;
  type?: string | undefined;
  /** Any of these. */
  types?: readonly string[] | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
};

export type EventRow = {
  id: string;
  type: string;
  occurred_at: Date;
  source: string;
  appid: string | null;
  openid: string | null;
  campaign_id: string | null;
  code: string | null;
  out_trade_no: string | null;
  reason: string | null;
  cause_id: string | null;
  traceparent: string | null;
  kafka_topic: string;
  kafka_partition: number;
  kafka_offset: string;
};

export const COLUMNS = `id, type, occurred_at, source, appid, openid, campaign_id, code, out_trade_no, reason, cause_id, traceparent,
  kafka_topic, kafka_partition, kafka_offset`;

/** The statement's conditions and their values, in step. Only what is asked for is in it, so that each has its own plan. */
export function conditions(filter: EventFilter) {
  const values: unknown[] = [];
  const parts: string[] = [];
  const add = (condition: (place: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    parts.push(condition(`$${values.length}`));
  };
  add((place) => `openid = ${place}`, filter.openid);
  add((place) => `campaign_id = ${place}`, filter.campaign);
  add((place) => `code = ${place}`, filter.code);
  add((place) => `out_trade_no = ${place}`, filter.order);
  add((place) => `type = ${place}`, filter.type);
  add((place) => `type = any(${place})`, filter.types);
  add((place) => `occurred_at >= ${place}::timestamptz`, instant(filter.fromMs));
  add((place) => `occurred_at < ${place}::timestamptz`, instant(filter.toMs));
  return { values, add, where: () => parts.join(' and ') };
}

const instant = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

export function eventPages(pool: Pool) {
  const rows = async <R extends object>(text: string, values: unknown[] = []): Promise<R[]> => {
    const result = await pool.query<R>(text, values).catch((error: unknown) => {
      throw asAppError(error);
    });
    return result.rows;
  };
  return {
    /** The number the next event will get: every smaller one that will ever be is committed. */
    endOfLog: async (): Promise<number> => {
      const [row] = await rows<{ next_number: string }>('select next_number from log_end');
      return Number(row!.next_number);
    },
    /** Up to `limit` events of the walk from where it stands, by time, then id. */
    read: async (filter: EventFilter, { from, until, after }: Walk, limit: number): Promise<EventRow[]> => {
      const { values, add, where } = conditions(filter);
      add((place) => `number < ${place}`, until);
      if (from > 0) add((place) => `number >= ${place}`, from);
      if (after !== undefined) {
        // Said twice: the first prunes partitions, the second is exact and walks the index.
        add((place) => `occurred_at >= ${place}::timestamptz`, instant(after.occurredAtMs));
        add((place) => `(occurred_at, id) > ($${values.length - 1}::timestamptz, ${place}::uuid)`, after.id);
      }
      return rows(`select ${COLUMNS} from event where ${where()} order by occurred_at, id limit ${limit}`, values);
    },
    /** The number of the first matching event written at or after `from` and before `until`. */
    firstSince: async (filter: EventFilter, from: number, until: number): Promise<number | undefined> => {
      const { values, add, where } = conditions(filter);
      add((place) => `number >= ${place}`, from);
      add((place) => `number < ${place}`, until);
      const [row] = await rows<{ number: string }>(
        `select number from event where ${where()} order by number limit 1`,
        values,
      );
      return row === undefined ? undefined : Number(row.number);
    },
  };
}
