import { setTimeout as delay } from 'node:timers/promises';
import { AppError, codeOf } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import { runner } from 'node-pg-migrate';
import { Client, DatabaseError, Pool } from 'pg';
import { asAppError } from './errors.ts';

/** A folder of numbered SQL files, and the table that remembers which of them ran. */
export type Migrations = { dir: string; table: string };

export type StoreOptions = {
  /** The server; the database's name in it is ignored. */
  url: string;
  /** This service's own database; made when it is not there. */
  database: string;
  migrations: Migrations[];
  log: Log;
  poolMax?: number;
};

export type Store = { pool: Pool; url: string; close: () => Promise<void> };

/** Made here, so that 'the database is there already' is not an error when two instances start together. */
const DUPLICATE = new Set(['42P04', '23505']);
const WAIT_MS = 60_000;

/** The database's name within the system set apart by `topicPrefix`. */
export const databaseName = (topicPrefix: string, service: string): string =>
  `${topicPrefix}${service}`.replaceAll(/[^a-z0-9]+/g, '_');

/** Opens this service's database, made and migrated to the newest schema first; waits up to a minute for a server that is starting. */
export async function openStore({ url, database, migrations, log, poolMax = 8 }: StoreOptions): Promise<Store> {
  await waitForServer(url, log);
  await makeDatabase(url, database);
  const own = new URL(url);
  own.pathname = `/${database}`;
  for (const { dir, table } of migrations)
    await runner({
      databaseUrl: own.href,
      dir,
      migrationsTable: table,
      direction: 'up',
      advisoryLockMode: 'wait',
      log: (line) => log.debug(line),
      ignorePattern: String.raw`\..*`,
    });

  const pool = new Pool({
    connectionString: own.href,
    max: poolMax,
    connectionTimeoutMillis: 5000,
    pipeline: true, // what is issued together travels together: 4 round trips a round instead of 11
    application_name: database,
    // Statements are planned once, while tables are still empty, and then read whole tables for ever: a round of 100 claims
    // took 80 ms at 30 000 coupons. Everything here looks up by index, so the planner is told to;
    // and compiling statements that take less than a millisecond costs a hundred.
    options: '-c enable_seqscan=off -c jit=off',
    statement_timeout: 15_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
  });
  // An idle connection that breaks is replaced on the next use; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: { message: error.message } }, 'a postgres connection broke'));
  pool.on('connect', (client) => client.on('error', () => undefined)); // a checked-out one reports through its query
  return { pool, url: own.href, close: () => pool.end() };
}

async function waitForServer(url: string, log: Log): Promise<void> {
  const until = Date.now() + WAIT_MS;
  for (let attempt = 0; ; attempt++) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined); // reported by connect()
    try {
      await client.connect();
      await client.end();
      return;
    } catch (cause) {
      const error = asAppError(cause);
      if (codeOf(error) !== 'unavailable' || Date.now() > until)
        throw new AppError('unavailable', 'cannot open the postgres store', { cause });
      if (attempt === 0) log.warn({ err: error }, 'postgres does not answer; trying on');
      await delay(500);
    }
  }
}

async function makeDatabase(url: string, database: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database "${database}"`);
  } catch (error) {
    if (!(error instanceof DatabaseError && DUPLICATE.has(error.code ?? ''))) throw asAppError(error);
  } finally {
    await client.end();
  }
}
