import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { Client } from 'pg';
import { layoutOf, makeFolders } from '../src/layout.ts';
import { planServers } from '../src/plan-servers.ts';
import { startedAtOf } from '../src/processes/identity.ts';
import type { Keeper } from '../src/processes/keep-alive.ts';
import { pidFiles } from '../src/processes/pid-files.ts';
import { serverNames } from '../src/servers/names.ts';
import type { ServerName } from '../src/servers/names.ts';
import { missingPrograms } from '../src/servers/needed-programs.ts';
import { pings } from '../src/servers/ping.ts';
import { isFree } from '../src/servers/ports.ts';
import { startServers } from '../src/start-servers.ts';
import { waitUntil } from '../src/waiting.ts';

// On a machine that has a Docker engine instead of the programs there is nothing to try here.
const havingPrograms = missingPrograms(serverNames, process.env).length === 0 ? describe : describe.skip;

const minute = 60_000;

/** The servers of one LOCAL_DIR as programs, whatever addresses the tests themselves use. */
async function start(localDir: string, said: string[]) {
  const layout = layoutOf(localDir);
  makeFolders(layout);
  const keepers: Keeper[] = [];
  const options = { simulator: false, detach: false, install: false, help: false };
  const pids = pidFiles(layout.run);
  const starting = {
    layout,
    env: {},
    options,
    say: (line: string) => said.push(line),
    pids,
    signal: AbortSignal.timeout(minute),
  };
  const { servers } = await planServers(starting);
  await Promise.all(Object.values(startServers(servers, starting, keepers)));
  const addresses = { kafka: servers.kafka.address, postgres: servers.postgres.address, redis: servers.redis.address };
  const pidOf = (name: ServerName) => Number(readFileSync(join(layout.run, `${name}.pid`), 'utf8'));
  return { addresses, pidOf, stop: () => Promise.all(keepers.map((keeper) => keeper.stop())) };
}

async function withPostgres<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function withAdmin<T>(brokers: string, work: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const admin = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

havingPrograms('servers as programs', () => {
  test(
    'servers come back on their ports with their data after kill -9, and a later start finds it again',
    async () => {
      const localDir = mkdtempSync(join(realpathSync(tmpdir()), 'servers-'));
      const said: string[] = [];
      let running = await start(localDir, said);
      try {
        const { addresses } = running;
        await withPostgres(addresses.postgres, (client) => client.query('create table kept as select 42 as answer'));
        await withAdmin(addresses.kafka, (admin) => admin.createTopics({ topics: [{ topic: 'kept' }] }));

        const killed = serverNames.map((name) => running.pidOf(name));
        for (const pid of killed) process.kill(pid, 'SIGKILL');
        const back = async () => {
          for (const name of serverNames) expect(said.some((line) => line.startsWith(`✓ ${name} 已恢复`))).toBe(true);
        };
        await waitUntil(back, { withinMs: minute });
        for (const name of serverNames) await pings[name](addresses[name]);
        expect(serverNames.map((name) => running.pidOf(name)).some((pid) => killed.includes(pid))).toBe(false);

        await running.stop();
        running = await start(localDir, said);
        expect(running.addresses).toEqual(addresses);
        const { rows } = await withPostgres(addresses.postgres, (client) => client.query('select answer from kept'));
        expect(rows).toEqual([{ answer: 42 }]);
        expect(await withAdmin(addresses.kafka, (admin) => admin.listTopics())).toContain('kept');
      } finally {
        const last = serverNames.map((name) => running.pidOf(name));
        await running.stop();
        expect(last.map(startedAtOf)).toEqual([undefined, undefined, undefined]);
        for (const address of Object.values(running.addresses))
          expect(await isFree(Number(/\d+$/.exec(address)![0]))).toBe(true);
        rmSync(localDir, { recursive: true });
      }
    },
    2 * minute,
  );
});
