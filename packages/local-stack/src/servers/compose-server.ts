import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../layout.ts';
import type { Kept } from '../processes/keep-alive.ts';
import type { Running } from '../processes/launch.ts';
import { waitUntil } from '../waiting.ts';
import { compose, dockerCommand, portVariables } from './compose.ts';
import type { Compose } from './compose.ts';
import { dockerAddress } from './names.ts';
import type { ServerName } from './names.ts';
import { pings } from './ping.ts';

/**
 * Makes and starts the containers of `names`, each published on its port; images that are missing are fetched.
 * Throws `unavailable` with what compose said.
 */
export async function composeUp(
  using: Compose,
  ports: Partial<Record<ServerName, number>>,
  signal: AbortSignal,
): Promise<void> {
  const names = Object.keys(ports) as ServerName[];
  const variables = Object.fromEntries(names.map((name) => [portVariables[name], String(ports[name])]));
  await compose(using, ['up', '-d', '--no-deps', ...names], { env: variables, signal });
}

/**
 * Stops and removes the containers, their network and the nameless volumes of their images; the named ones, with the data, stay
 * unless `dataToo`.
 */
export async function composeDown(using: Compose, dataToo = false): Promise<void> {
  await compose(using, ['rm', '--force', '--stop', '-v']);
  await compose(using, dataToo ? ['down', '--volumes'] : ['down']);
}

/** A server in a container that `composeUp` made, kept running like a program. */
export async function composeServer(using: Compose, name: ServerName, port: number, layout: Layout): Promise<Kept> {
  const container = await compose(using, ['ps', '-q', name]);
  const logFile = join(layout.log, `${name}.log`);
  const address = dockerAddress(name, port, using.env);
  return {
    name,
    logFile,
    start: () => startContainer(using, container, logFile),
    ready: () => pings[name](address),
    readyWithinMs: 120_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 20_000,
  };
}

/** Docker itself restarts a container that died; whoever is first, it runs afterwards. Its output is copied into `logFile`. */
async function startContainer(using: Compose, container: string, logFile: string): Promise<Running> {
  await dockerCommand(using, ['start', container]);
  let pid = 0;
  await waitUntil(
    async () => {
      const state = await dockerCommand(using, ['inspect', '-f', '{{.State.Running}} {{.State.Pid}}', container]);
      const [running, id] = state.split(' ');
      pid = Number(id);
      if (running !== 'true' || pid === 0) throw new Error('the container does not run');
    },
    { withinMs: 15_000 },
  );
  copyOutput(using, container, logFile);
  return {
    pid: isHere(pid, container) ? pid : 0,
    exited: ended(using, container),
    signal: (signal) =>
      void dockerCommand(using, signal === 'SIGKILL' ? ['kill', container] : ['stop', container]).catch(() => {}),
  };
}

/** An engine may run elsewhere, or in a machine of its own (Docker Desktop): its process ids then mean somebody else here. */
function isHere(pid: number, container: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(container);
  } catch {
    return false;
  }
}

async function ended(using: Compose, container: string): Promise<string> {
  try {
    const code = await dockerCommand(using, ['wait', container]);
    return code === '137' ? 'SIGKILL' : `exit code ${code}`;
  } catch {
    return 'docker does not answer';
  }
}

/** Follows the container's output from now on; ends with the container. */
function copyOutput({ docker, env }: Compose, container: string, logFile: string): void {
  const log = openSync(logFile, 'a');
  const child = spawn(docker, ['logs', '--follow', '--since', '1s', container], { env, stdio: ['ignore', log, log] });
  closeSync(log);
  once(child, 'spawn').then(
    () => child.unref(),
    () => {}, // without its log the server runs all the same
  );
}
