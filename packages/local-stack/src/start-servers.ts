import type { PlannedServer } from './plan-servers.ts';
import { keepAlive } from './processes/keep-alive.ts';
import type { Keeper } from './processes/keep-alive.ts';
import { givenAddress } from './servers/given.ts';
import type { ServerName } from './servers/names.ts';
import type { Source } from './servers/sources.ts';
import type { Starting } from './starting.ts';
import { stopwatch } from './terminal.ts';

/** Tells of each server when it answers. */
export type ServersReady = Record<ServerName, Promise<void>>;

/** Begins to start all servers at once. Those under our care are added to `keepers` as they become ready. */
export function startServers(
  servers: Record<ServerName, PlannedServer>,
  starting: Starting,
  keepers: Keeper[],
): ServersReady {
  const { env, pids, say, signal } = starting;
  const start = async (name: ServerName) => {
    const elapsed = stopwatch();
    const { kept, source, address } = servers[name];
    if (kept === undefined) await givenAddress(name, env);
    else keepers.push(await keepAlive(kept, pids, say, signal));
    say(`✓ ${name} ${withoutPassword(address)}（${shown[source]}） ${elapsed()}`);
  };
  return { kafka: start('kafka'), postgres: start('postgres'), redis: start('redis') };
}

const shown: Record<Source, string> = {
  environment: '环境变量 environment',
  docker: 'Docker',
  program: '本机程序 program',
};

/** What is said is also kept; a password in an address is not for that. */
export const withoutPassword = (address: string): string => address.replace(/:\/\/([^:@/]*):[^@/]*@/, '://$1@');
