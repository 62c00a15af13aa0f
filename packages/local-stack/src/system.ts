import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@lingquan/errors';
import { claimOnce, ensureDemoCampaign } from './demo.ts';
import { makeFolders } from './layout.ts';
import type { Layout } from './layout.ts';
import { endLeftovers } from './leftovers.ts';
import { planServers } from './plan-servers.ts';
import type { Keeper } from './processes/keep-alive.ts';
import { rotate } from './processes/log-file.ts';
import { keptSecrets, requireSecrets } from './secrets.ts';
import { serviceEnvironment, urlOf } from './service-environment.ts';
import type { Variables } from './service-environment.ts';
import { services, simulator } from './service-table.ts';
import type { Service } from './service-table.ts';
import { describeSystem, readServersFile, writeServersFile } from './servers-file.ts';
import { startServers } from './start-servers.ts';
import { requireFreePorts, startServices } from './start-services.ts';
import type { Starting } from './starting.ts';
import { stopwatch } from './terminal.ts';

const rotateEveryMs = 10_000;

/** A system under our care: everything in it is kept running until it is stopped. */
export type System = { stop: () => Promise<void> };

/** What is under way or running while a system comes up. */
type Parts = { servers: Keeper[]; services: Keeper[]; steps: Promise<unknown>[]; remove: () => Promise<void> };

/**
 * Starts a whole system. Throws, with nothing left running, when a step fails or `starting.signal` calls it off;
 * with `conflict` when the system of this LOCAL_DIR runs already.
 */
export async function startSystem(outer: Starting): Promise<System> {
  const { layout, env, options } = outer;
  if (!options.simulator) requireSecrets(env);
  makeFolders(layout);
  refuseSecond(outer);
  const parts: Parts = { servers: [], services: [], steps: [], remove: () => Promise.resolve() };
  const giveUp = new AbortController();
  const rotation = setInterval(() => rotateAll(layout), rotateEveryMs);
  const stop = async () => {
    giveUp.abort();
    clearInterval(rotation);
    await Promise.allSettled(parts.steps); // what is still starting gives up; then all keepers are known
    await stopAll(parts.services);
    await stopAll(parts.servers);
    await parts.remove();
    rmSync(layout.serversFile, { force: true });
    outer.pids.remove('supervisor');
  };
  try {
    await bringUp({ ...outer, signal: AbortSignal.any([outer.signal, giveUp.signal]) }, parts);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(starting: Starting, parts: Parts): Promise<void> {
  const { layout, env, options, say } = starting;
  await endPredecessor(starting);
  const processes = options.simulator ? [...services, simulator] : services;
  await requireFreePorts(processes, env);

  const { servers, remove } = await planServers(starting);
  parts.remove = remove;
  const ready = startServers(servers, starting, parts.servers);
  parts.steps.push(...Object.values(ready));
  const secrets = options.simulator ? trialSettings(layout, env) : {};
  const addresses = { kafka: servers.kafka.address, postgres: servers.postgres.address, redis: servers.redis.address };
  const environment = serviceEnvironment(env, { services: processes, addresses, secrets, localDir: layout.dir });
  parts.steps.push(...startServices(processes, environment, ready, starting, parts.services));
  await Promise.all(parts.steps);

  writeServersFile(layout.serversFile, describeSystem(environment, processes, servers));
  if (options.simulator) await demonstrate(environment, starting);
  say('');
  for (const line of readyLines(environment, processes)) say(line);
}

/** Settings for trying it out: secrets made once, and the simulator where the platform would be. */
const trialSettings = (layout: Layout, env: Variables): Record<string, string> => ({
  ...keptSecrets(layout.secretsFile),
  WECHAT_API_URL: urlOf(simulator, env),
});

async function demonstrate(environment: Record<string, string>, { say, signal }: Starting): Promise<void> {
  await ensureDemoCampaign(environment, say);
  signal.throwIfAborted();
  const claimLog = services.find(({ name }) => name === 'claim-log')!;
  await claimOnce({ simulator: urlOf(simulator, environment), claimLog: urlOf(claimLog, environment) }, say);
}

/** The line others wait for begins with `ready`. */
export function readyLines(env: Variables, processes: readonly Service[]): string[] {
  const addresses = processes
    .filter(({ name }) => name === 'ingress' || name === 'simulator')
    .map((service) =>
      service === simulator ? `聊天页 chat page ${urlOf(service, env)}` : `ingress ${urlOf(service, env)}`,
    );
  return [`ready 已就绪: ${addresses.join('  ')}`];
}

function refuseSecond({ layout, pids }: Starting): void {
  const running = pids.alive('supervisor');
  if (running === undefined) return pids.write('supervisor', process.pid);
  const { services: urls = {} } = readServersFile(layout.serversFile) ?? {};
  const where = Object.entries(urls).map(([name, url]) => `  ${name} ${url}`);
  const lines = [
    `已在运行 this system is already running (pid ${running}, ${layout.dir})`,
    ...where,
    '停止 stop it: npm run stop',
  ];
  throw new AppError('conflict', lines.join('\n'));
}

/** Processes of a supervisor that was killed are in nobody's care any more; the new one begins with its own. */
async function endPredecessor({ layout, say }: Starting): Promise<void> {
  const elapsed = stopwatch();
  const ended = await endLeftovers(layout);
  if (ended.length > 0)
    say(`✓ 已结束上次遗留的进程 ended what an earlier start left behind: ${ended.join(', ')} ${elapsed()}`);
}

const stopAll = (keepers: readonly Keeper[]) => Promise.all(keepers.map((keeper) => keeper.stop()));

function rotateAll({ log }: Layout): void {
  for (const file of readdirSync(log)) if (file.endsWith('.log')) rotate(join(log, file));
}
