import { bringUp } from '@lingquan/local-stack/processes/keep-alive.ts';
import { end } from '@lingquan/local-stack/processes/launch.ts';
import { pidFiles } from '@lingquan/local-stack/processes/pid-files.ts';
import { givenAddress } from '@lingquan/local-stack/servers/given.ts';
import { addressVariable, localAddress, serverNames } from '@lingquan/local-stack/servers/names.ts';
import type { ServerName } from '@lingquan/local-stack/servers/names.ts';
import { planProgram, preparePrograms } from '@lingquan/local-stack/servers/programs.ts';
import { chooseSources, serversFrom } from '@lingquan/local-stack/servers/sources.ts';
import type { Layout } from '@lingquan/local-stack/layout.ts';

/** Kafka, Postgres and Redis of a bench run. */
export type Servers = {
  /** Where services keep their logs during the run. */
  layout: Layout;
  /** Addresses by variable name. */
  addresses: Record<string, string>;
  /** Process ids of those started here, by name: their CPU can be told. */
  pids: Record<string, number>;
  /** Ends every process of the run that still lives; for a run that is interrupted. */
  endAll: () => Promise<void>;
  /** Registers a process to be ended by `endAll`. */
  started: (stop: () => Promise<void>) => void;
  say: (line: string) => void;
};

/**
 * The servers the environment names, else programs started for this run: durable as in production (fsync on), because what a bench
 * counts must survive. Those end with `opened`.
 */
export async function openServers(
  opened: AsyncDisposableStack,
  layout: Layout,
  say: (line: string) => void,
): Promise<Servers> {
  const sources = chooseSources(process.env, { docker: false });
  const programs = serversFrom('program', sources);
  await preparePrograms(programs, { install: true, say });
  const stops: (() => Promise<void>)[] = [];
  const servers: Servers = {
    layout,
    addresses: {},
    pids: {},
    // Services before the servers they write to; stopping what has ended already costs nothing.
    endAll: async () => {
      for (const stop of stops.toReversed()) await stop();
    },
    started: (stop) => void stops.push(stop),
    say,
  };
  await preparePrograms(programs, { install: true, say });
  const taken = new Set<number>();
  for (const name of serverNames) {
    if (!programs.includes(name)) servers.addresses[addressVariable[name]] = await givenAddress(name, process.env);
    else await startProgram(opened, name, servers, taken);
  }
  return servers;
}

async function startProgram(opened: AsyncDisposableStack, name: ServerName, servers: Servers, taken: Set<number>) {
  const { layout, say } = servers;
  const { kept, choice } = await planProgram(name, { layout, durable: true, taken });
  const running = await bringUp(kept, pidFiles(layout.run));
  const stop = () => end(running, kept.stopSignal, kept.stopWithinMs);
  opened.defer(stop);
  servers.started(stop);
  servers.addresses[addressVariable[name]] = localAddress(name, choice.port);
  servers.pids[name] = running.pid!; // a program of this machine
  say(`✓ ${name}`);
}
