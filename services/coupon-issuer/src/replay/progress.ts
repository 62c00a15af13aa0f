import { hash } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import type { Recording } from '@lingquan/recording';
import type { Pool, PoolClient } from 'pg';
import type { OtherTerms } from './config.ts';
import { takeIndexesOff } from './indexes.ts';
import { placeOf } from './turns.ts';
import type { Stand } from './turns.ts';

/** How far a replay is: written in the transaction of every round, so that a kill at any moment loses and repeats nothing. */
export type Progress = {
  stand: Stand;
  /** Records decided so far. */
  decided: number;
  /** Length of the outcome's file up to there. */
  outcomeBytes: number;
  /** Records said so far, by their `ce_type`. */
  said: Record<string, number>;
};

const start: Progress = { stand: { journalOffset: 0, positions: new Map() }, decided: 0, outcomeBytes: 0, said: {} };

/** Names what is being replayed: the recording, and campaigns that are defined otherwise. */
export const identityOf = ({ meta, done, partitions }: Recording, others: ReadonlyMap<string, OtherTerms>): string =>
  hash('sha256', JSON.stringify([meta, done?.digest ?? partitions, [...others]]));

type Row = {
  recording: string;
  journal_offset: string;
  decided: string;
  outcome_bytes: string;
  said: Record<string, number>;
};

/**
 * Makes the store one for a replay, when it is new: nothing in it need survive the server, so its tables are not logged (a crash of
 * Postgres empties them all, and the replay begins anew). Returns how far it is. Throws `conflict` when it holds another replay.
 */
export async function openProgress(pool: Pool, recording: string): Promise<Progress> {
  await pool.query(`
    create unlogged table if not exists replay (
      only_row boolean primary key default true check (only_row),
      recording text not null, journal_offset bigint not null, decided bigint not null, outcome_bytes bigint not null, said jsonb not null)`);
  const { rows } = await pool.query<Row>('select * from replay');
  const row = rows[0];
  if (row === undefined) {
    await pool.query(unlogged);
    await takeIndexesOff(pool);
    return start;
  }
  if (row.recording !== recording)
    throw new AppError('conflict', 'this store holds the replay of something else: choose another, or remove it');
  const positions = await pool.query<{ topic: string; partition: number; next_offset: string }>(
    'select * from position',
  );
  return {
    stand: {
      journalOffset: Number(row.journal_offset),
      positions: new Map(
        positions.rows.map(({ topic, partition, next_offset }) => [
          placeOf(topic, partition),
          { topic, partition, offset: Number(next_offset) },
        ]),
      ),
    },
    decided: Number(row.decided),
    outcomeBytes: Number(row.outcome_bytes),
    said: row.said,
  };
}

const unlogged = `do $$
  declare name text;
  begin
    for name in select tablename from pg_tables where schemaname = 'public' and tablename not like 'migration%'
      and tablename <> 'replay_index' loop -- which outlives a crash as the lack of indexes does
      execute format('alter table %I set unlogged', name);
      execute format('alter table %I set (autovacuum_enabled = off)', name);
    end loop;
  end $$`;

export async function saveProgress(client: PoolClient, recording: string, progress: Progress): Promise<void> {
  const positions = [...progress.stand.positions.values()];
  await Promise.all([
    client.query({
      name: 'replay-positions',
      text: `insert into position (topic, partition, next_offset) select * from unnest($1::text[], $2::int[], $3::bigint[])
             on conflict (topic, partition) do update set next_offset = excluded.next_offset`,
      values: [
        positions.map(({ topic }) => topic),
        positions.map(({ partition }) => partition),
        positions.map(({ offset }) => offset),
      ],
    }),
    client.query({
      name: 'replay-progress',
      text: `insert into replay (recording, journal_offset, decided, outcome_bytes, said) values ($1, $2, $3, $4, $5)
             on conflict (only_row) do update set journal_offset = excluded.journal_offset, decided = excluded.decided,
               outcome_bytes = excluded.outcome_bytes, said = excluded.said`,
      values: [recording, progress.stand.journalOffset, progress.decided, progress.outcomeBytes, progress.said],
    }),
  ]);
}
