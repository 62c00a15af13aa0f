import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processesIn } from '../processes/identity.ts';
import type { Kept } from '../processes/keep-alive.ts';
import { launch } from '../processes/launch.ts';
import { waitUntil } from '../waiting.ts';
import { localAddress } from './names.ts';
import { pingPostgres } from './ping.ts';
import { postgresFor } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { runAs } from './postgres-user.ts';
import type { ServerUser } from './postgres-user.ts';
import type { ServerProgram } from './redis-program.ts';

/** `dataDir` belongs to `user` and holds the cluster in `cluster/`. */
export type PostgresProgram = ServerProgram & { installed: readonly PostgresBinaries[]; user: ServerUser };

/**
 * Settings on the command line, so that they follow the code and not the data folder. Durable keeps fsync and synchronous
 * commits on (nothing answered for may be lost); without it a thrown-away test server saves the disk. No Unix socket: its path
 * could get longer than the 107 bytes a socket may have.
 */
export function postgresSettings(port: number, durable: boolean): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}

/** Nobody but this machine is let in, and needs no password. */
const accessRules = 'host all all 127.0.0.1/32 trust\n';

/** Postgres as a program on this machine. */
export function postgresProgram({ port, dataDir, logFile, durable, installed, user }: PostgresProgram): Kept {
  const cluster = join(dataDir, 'cluster');
  const { folder } = postgresFor(cluster, installed);
  const settings = Object.entries(postgresSettings(port, durable)).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  return {
    name: 'postgres',
    logFile,
    async prepare() {
      await endLeftovers(cluster);
      if (!existsSync(cluster)) initialise({ folder, dataDir, cluster, user, durable });
    },
    start: () =>
      launch({
        command: join(folder, 'postgres'),
        args: ['-D', cluster, ...settings],
        cwd: dataDir,
        env: process.env,
        logFile,
        user,
      }),
    ready: () => pingPostgres(localAddress('postgres', port)),
    readyWithinMs: 60_000,
    stopSignal: 'SIGINT', // "fast": open transactions are rolled back, clients are not waited for
    stopWithinMs: 15_000,
  };
}

type Initialise = { folder: string; dataDir: string; cluster: string; user: ServerUser; durable: boolean };

/** Makes the cluster beside its place and moves it there when complete: a start that was interrupted leaves no half of one. */
function initialise({ folder, dataDir, cluster, user, durable }: Initialise): void {
  const fresh = join(dataDir, 'cluster.new');
  rmSync(fresh, { recursive: true, force: true });
  const args = [
    '-D',
    fresh,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    ...(durable ? [] : ['--no-sync']),
  ];
  runAs(user, join(folder, 'initdb'), args, dataDir);
  writeFileSync(join(fresh, 'pg_hba.conf'), accessRules);
  renameSync(fresh, cluster);
}

/**
 * After a kill -9 the server's children live on for a moment, and longer if they are busy; a new server must not start beside
 * them. They work in the cluster's folder, which is how they are found. With none left, a lock file that is still there is
 * stale, even if another process has the id in it by now.
 */
async function endLeftovers(cluster: string): Promise<void> {
  await noneIn(cluster, 5_000)
    .catch(() => signalAll(cluster, 'SIGQUIT', 5_000))
    .catch(() => signalAll(cluster, 'SIGKILL', 5_000));
  if (process.platform === 'linux') rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

const noneIn = (cluster: string, withinMs: number) =>
  waitUntil(
    async () => {
      const left = processesIn(cluster);
      if (left.length > 0) throw new Error(`${left.length} processes of an earlier Postgres are still at work`);
    },
    { withinMs },
  );

async function signalAll(cluster: string, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  for (const pid of processesIn(cluster)) process.kill(pid, signal);
  await noneIn(cluster, withinMs);
}
