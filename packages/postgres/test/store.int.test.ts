import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLog } from '@lingquan/log';
import { Client } from 'pg';
import { databaseName, inTransaction, openStore } from '../src/index.ts';
import type { Store } from '../src/index.ts';

const url = process.env['POSTGRES_URL'] ?? '';
const log = createLog({ service: 'test', level: 'silent' });
const prefix = `t-postgres-${randomBytes(4).toString('hex')}.`;
const database = databaseName(prefix, 'shared');

let dir: string;
let store: Store;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'migrations-'));
  await writeFile(join(dir, '0001_note.sql'), '-- Up Migration\ncreate table note (id int primary key, text text);\n');
  store = await open(database);
});
afterAll(async () => {
  await store.close();
  await onServer(async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [databaseName(prefix, '')],
    );
    for (const { datname } of rows) await client.query(`drop database "${datname}" with (force)`);
  });
  await rm(dir, { recursive: true });
});

const open = (name: string) =>
  openStore({ url, database: name, migrations: [{ dir, table: 'migration' }], log, poolMax: 4 });

async function onServer(work: (client: Client) => Promise<void>, address = url): Promise<void> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

const notes = async () =>
  (await store.pool.query<{ id: number }>('select id from note order by id')).rows.map(({ id }) => id);
const endOthers = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;

test('a transaction keeps everything or nothing', async () => {
  await inTransaction(store.pool, (client) => client.query("insert into note values (1, 'kept')"));
  const failing = inTransaction(store.pool, async (client) => {
    await client.query("insert into note values (2, 'not kept')");
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await notes()).toEqual([1]);
});

test('a broken constraint is our bug, and the connection goes on working', async () => {
  const twice = inTransaction(store.pool, async (client) => {
    await client.query("insert into note values (10, 'a')");
    await client.query("insert into note values (10, 'b')");
  });
  await expect(twice).rejects.toMatchObject({ code: '23505' });
  expect(await notes()).not.toContain(10);
  expect(store.pool.waitingCount).toBe(0);
});

test('a connection ended in the middle of a transaction is unavailable, and the next one works', async () => {
  const cut = inTransaction(store.pool, async (client) => {
    await client.query("insert into note values (20, 'lost')");
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await onServer(async (other) => void (await other.query('select pg_terminate_backend($1)', [rows[0]!.pid])));
    await client.query("insert into note values (21, 'lost')");
  });
  await expect(cut).rejects.toMatchObject({ code: 'unavailable' });
  await inTransaction(store.pool, (client) => client.query("insert into note values (22, 'kept')"));
  expect(await notes()).not.toContain(20);
  expect(await notes()).toContain(22);
});

test('idle connections that Postgres ends are replaced on the next use', async () => {
  await Promise.all(
    [1, 2, 3, 4].map(() => inTransaction(store.pool, (client) => client.query('select pg_sleep(0.05)'))),
  );
  await onServer(async (other) => void (await other.query(endOthers)), store.url);
  const results = await Promise.all(
    Array.from({ length: 8 }, () =>
      inTransaction(store.pool, (client) => client.query('select 1')).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      ),
    ),
  );
  expect(results.every((result) => result === 'done' || result === 'unavailable')).toBe(true);
  expect((await store.pool.query('select 1')).rowCount).toBe(1);
});

test('two transactions that lock one another out: one is a conflict, to be tried again', async () => {
  await store.pool.query("insert into note values (30, ''), (31, '')");
  const firstLocks = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const crossing = [
    [30, 31],
    [31, 30],
  ].map(([first, second], place) =>
    inTransaction(store.pool, async (client) => {
      await client.query('update note set text = $2 where id = $1', [first, 'x']);
      firstLocks[place]!.resolve();
      await Promise.all(firstLocks.map(({ promise }) => promise));
      await client.query('update note set text = $2 where id = $1', [second, 'x']);
    }).then(
      () => 'done',
      (error: { code?: string }) => error.code,
    ),
  );
  expect((await Promise.all(crossing)).toSorted()).toEqual(['conflict', 'done']);
});

test('a store opened by several processes at once is made and migrated once', async () => {
  const name = databaseName(prefix, 'together');
  const opened = await Promise.all(Array.from({ length: 4 }, () => open(name)));
  const { rows } = await opened[0]!.pool.query('select name from migration');
  expect(rows).toEqual([{ name: '0001_note' }]);
  await Promise.all(opened.map((one) => one.close()));
});

test('a migration that fails leaves the store as it was, and is said', async () => {
  const broken = await mkdtemp(join(tmpdir(), 'migrations-'));
  await writeFile(
    join(broken, '0001_half.sql'),
    '-- Up Migration\ncreate table half (id int);\ncreate tabel other (id int);\n',
  );
  const name = databaseName(prefix, 'broken');
  await expect(
    openStore({ url, database: name, migrations: [{ dir: broken, table: 'migration' }], log }),
  ).rejects.toThrow(/syntax error/);
  await writeFile(join(broken, '0001_half.sql'), '-- Up Migration\ncreate table half (id int);\n');
  const mended = await openStore({ url, database: name, migrations: [{ dir: broken, table: 'migration' }], log });
  expect((await mended.pool.query("select to_regclass('half')::text as name")).rows).toEqual([{ name: 'half' }]);
  await mended.close();
  await rm(broken, { recursive: true });
});

test("a database's name says which system and service it belongs to, in letters Postgres takes unquoted", () => {
  expect(databaseName('', 'claim_log')).toBe('claim_log');
  expect(databaseName('t-Demo.1.', 'claim_log')).toMatch(/^[a-z0-9_]+$/);
  expect(databaseName('a.', 'claim_log')).not.toBe(databaseName('b.', 'claim_log'));
});
