import { rmSync } from 'node:fs';
import type { Layout } from './layout.ts';
import { pidFiles } from './processes/pid-files.ts';
import type { PidFiles } from './processes/pid-files.ts';
import { removeLeftContainers } from './servers/containers.ts';
import { serverNames } from './servers/names.ts';
import { waitUntil } from './waiting.ts';

/** Services first, so that they can still finish with the servers; then the servers. Gives the names of those that ran. */
export async function endLeftovers(layout: Layout): Promise<string[]> {
  const containers = await removeLeftContainers(layout, process.env); // first, or Docker would start them again
  const pids = pidFiles(layout.run);
  const left = pids.names().filter((name) => name !== 'supervisor');
  const running = left.filter((name) => pids.alive(name) !== undefined);
  const isServer = (name: string) => (serverNames as readonly string[]).includes(name);
  await Promise.all(left.filter((name) => !isServer(name)).map((name) => endOne(pids, name)));
  await Promise.all(left.filter(isServer).map((name) => endOne(pids, name)));
  rmSync(layout.serversFile, { force: true });
  return containers ? [...running, 'containers'] : running;
}

/** SIGINT is what Postgres needs to end without waiting for its clients; the others take it as well. */
export async function endOne(pids: PidFiles, name: string, withinMs = 15_000): Promise<void> {
  const gone = () => {
    if (pids.alive(name) === undefined) return Promise.resolve();
    return Promise.reject(new Error(`${name} still runs`));
  };
  signal(pids, name, 'SIGINT');
  await waitUntil(gone, { withinMs }).catch(() => {
    signal(pids, name, 'SIGKILL');
    return waitUntil(gone, { withinMs: 5_000 });
  });
  pids.remove(name);
}

function signal(pids: PidFiles, name: string, how: NodeJS.Signals): void {
  const pid = pids.alive(name);
  if (pid === undefined) return;
  try {
    process.kill(pid, how);
  } catch {
    // it ended between the look and the signal
  }
}
