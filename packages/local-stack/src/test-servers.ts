import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@lingquan/errors';
import { layoutOf, makeFolders } from './layout.ts';
import type { Layout } from './layout.ts';
import { bringUp } from './processes/keep-alive.ts';
import { end } from './processes/launch.ts';
import { pidFiles } from './processes/pid-files.ts';
import { findDockerEngine } from './servers/docker-engine.ts';
import { givenAddress } from './servers/given.ts';
import { addressVariable, localAddress, serverNames } from './servers/names.ts';
import type { ServerName } from './servers/names.ts';
import { planProgram, preparePrograms } from './servers/programs.ts';
import { chooseSources, serversFrom } from './servers/sources.ts';
import type { Say } from './terminal.ts';
import { stopwatch } from './terminal.ts';

type Opened = { opened: AsyncDisposableStack; layout: Layout; say: Say; install: boolean; signal: AbortSignal };

type Addresses = Partial<Record<ServerName, string>>;

/**
 * Finds or starts Kafka, Postgres and Redis for a test run, each on its own: an address in the environment, a Docker engine, a
 * program. Gives their addresses by variable name. What is started keeps its data in `layout` and ends with `opened`.
 */
export async function openTestServers(context: Opened): Promise<Record<string, string>> {
  const { say } = context;
  const docker = await findDockerEngine(process.env);
  const sources = chooseSources(process.env, { docker: docker !== undefined });
  const taken = new Set<number>();
  const given = await Promise.all(serversFrom('environment', sources).map((name) => givenServer(name, say)));
  const inDocker = serversFrom('docker', sources);
  const contained = inDocker.length > 0 ? await startContainers(inDocker, docker!, context, taken) : {};
  const left = serverNames.filter((name) => sources[name] !== 'environment' && contained[name] === undefined);
  const programs = left.length > 0 ? await startPrograms(left, context, taken) : {};
  const addresses: Addresses = { ...Object.fromEntries(given), ...contained, ...programs };
  return Object.fromEntries(serverNames.map((name) => [addressVariable[name], addresses[name]!]));
}

async function givenServer(name: ServerName, say: Say): Promise<[ServerName, string]> {
  const elapsed = stopwatch();
  const address = await givenAddress(name, process.env);
  say(`✓ ${name}（环境变量 environment） ${elapsed()}`);
  return [name, address];
}

/** Those that could be started; for the others programs take their place. */
async function startContainers(
  names: readonly ServerName[],
  host: string,
  { opened, layout, say }: Opened,
  taken: Set<number>,
): Promise<Addresses> {
  process.env['DOCKER_HOST'] ??= host; // Testcontainers looks for the engine by itself; this is the one that answered
  const { startTestContainer } = await import('./servers/test-containers.ts');
  say(
    `… 启动容器，第一次要下载镜像 starting containers (the first time their images are fetched): ${names.join(', ')}`,
  );
  const addresses: Addresses = {};
  const start = async (name: ServerName) => {
    const elapsed = stopwatch();
    try {
      const { address, stop } = await startTestContainer(name, taken, layout.id);
      opened.defer(stop);
      addresses[name] = address;
      say(`✓ ${name} ${address}（Docker） ${elapsed()}`);
    } catch (error) {
      say(`! ${name}: Docker 启动失败，改用本机程序 could not start it, using a program instead: ${messageOf(error)}`);
    }
  };
  await Promise.all(names.map(start));
  return addresses;
}

async function startPrograms(names: readonly ServerName[], context: Opened, taken: Set<number>): Promise<Addresses> {
  const { opened, layout, say, install, signal } = context;
  await preparePrograms(names, { install, say });
  const plans = [];
  for (const name of names) plans.push({ name, ...(await planProgram(name, { layout, durable: false, taken })) });
  const entries = plans.map(async ({ name, kept, choice }) => {
    const elapsed = stopwatch();
    const running = await bringUp(kept, pidFiles(layout.run), signal);
    opened.defer(() => end(running, kept.stopSignal, kept.stopWithinMs));
    const address = localAddress(name, choice.port);
    say(`✓ ${name} ${address}（本机程序 program） ${elapsed()}`);
    return [name, address] as const;
  });
  await Promise.allSettled(entries); // nothing may still be starting when the caller begins to clean up after a failure
  return Object.fromEntries(await Promise.all(entries));
}

/** A folder for one test run, removed with `opened`. */
export function temporaryLayout(opened: AsyncDisposableStack): Layout {
  const layout = layoutOf(mkdtempSync(join(realpathSync(tmpdir()), 'lingquan-test-')));
  opened.defer(() => rmSync(layout.dir, { recursive: true, force: true, maxRetries: 5 }));
  makeFolders(layout);
  return layout;
}
