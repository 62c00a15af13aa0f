import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { connectKafka } from '@lingquan/kafka';
import { until } from '@lingquan/test-kit';
import { Client } from 'pg';
import { databasesOf } from '../src/replay/store.ts';
import { lingquan } from './lingquan.ts';
import { replayableSystem } from './replayable.ts';

jest.setTimeout(120_000);

const program = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
let replayable: Awaited<ReturnType<typeof replayableSystem>>;
let env: Record<string, string>;
let file: string;

beforeAll(async () => {
  replayable = await replayableSystem('cli-kept');
  ({ env, file } = replayable);
});
afterAll(() => replayable[Symbol.asyncDispose]());

const databases = (name: string) => databasesOf(env['POSTGRES_URL']!, `replay-${name}.`);

async function connected(database?: string): Promise<Client> {
  const url = new URL(env['POSTGRES_URL']!);
  if (database !== undefined) url.pathname = `/${database}`;
  const client = new Client({ connectionString: url.href });
  client.on('error', () => undefined); // it may be ended with its database
  await client.connect();
  return client;
}

test('an isolated system that was kept can be compared with, and removed', async () => {
  const name = `kept-${process.pid}`;
  const topicNames = async () => {
    const brokers = env['KAFKA_BROKERS']!.split(',');
    const kafka = connectKafka({ brokers, clientId: 'test', log: replayable.log, topicPrefix: `replay-${name}.` });
    try {
      return await kafka.topicNames();
    } finally {
      await kafka.close();
    }
  };
  const kept = await lingquan(env, 'replay', file, '--free', '--system', name, '--keep', '--json');
  expect({ code: kept.code, err: kept.code === 0 ? '' : kept.err }).toEqual({ code: 0, err: '' });
  expect(await topicNames()).toContain('coupon.events');

  // Who came first may be others than it was; how many is not.
  const { types } = (await lingquan(env, 'compare', file, '--system', name, '--json')).json() as { types: object[] };
  expect(types).toContainEqual(expect.objectContaining({ type: 'coupon.claimed', a: 60, b: 60 }));
  expect(types).toContainEqual(expect.objectContaining({ type: 'coupon.claim_refused', a: 90, b: 90 }));
  const again = await lingquan(env, 'replay', file, '--free', '--system', name);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining(`--remove ${name}`) });

  expect((await lingquan(env, 'replay', '--remove', name)).code).toBe(0);
  expect(await topicNames()).toEqual([]);
  expect(await databases(name)).toEqual([]);
  expect((await lingquan(env, 'compare', file, '--system', name)).code).toBe(2);
});

test('Ctrl-C ends the program that decides, and leaves only what is to be kept', async () => {
  const name = `ended-${process.pid}`;
  const args = ['replay', file, '--system', name, '--keep'];
  expect((await lingquan(env, ...args)).code).toBe(0);
  const [database] = await databases(name);
  const server = await connected();
  const others = async (waiting: boolean) =>
    (
      await server.query(
        `select 1 from pg_stat_activity where datname = $1 and application_name <> 'test' ${waiting ? "and wait_event_type = 'Lock'" : ''}`,
        [database],
      )
    ).rowCount;

  /** Runs it again, interrupts it while it waits for a lock of ours, and gives its exit code. */
  async function interrupted(...flags: string[]): Promise<number | null> {
    const holder = await connected(database);
    await holder.query(`set application_name = 'test'; begin; lock table replay`);
    const child = spawn(process.execPath, [program, ...flags], {
      env: { ...process.env, LOCAL_DIR: '/nowhere', ...env },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    await until(async () => (await others(true)) === 1, 'the replay waits');
    child.kill('SIGINT');
    const [code] = await ended;
    await holder.end(); // what lived on would go on now, to its end
    await until(async () => (await others(false)) === 0, 'nobody is connected any more');
    return code;
  }

  try {
    const outcome = await readFile(`${file}.outcome`);
    expect(await interrupted(...args)).toBe(1);
    expect(await databases(name)).toEqual([database]);
    expect(outcome.equals(await readFile(`${file}.outcome`))).toBe(true); // its end says when it was finished
    expect(await interrupted(...args.filter((arg) => arg !== '--keep'))).toBe(1);
    expect(await databases(name)).toEqual([]);
    expect(existsSync(`${file}.outcome`)).toBe(false);
  } finally {
    await server.end();
    await lingquan(env, 'replay', '--remove', name);
  }
});
