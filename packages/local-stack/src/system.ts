import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@lingquan/errors';
import { claimOnce, ensureDemoCampaign } from './demo.ts';
import { orderOnce } from './demo-order.ts';
import { makeFolders } from './layout.ts';
import type { Layout } from './layout.ts';
import { endLeftovers } from './leftovers.ts';
import { planServers } from './plan-servers.ts';
import type { Keeper } from './processes/keep-alive.ts';
import { rotate } from './processes/log-file.ts';
import { requireSecrets } from './secrets.ts';
import { serviceEnvironment, urlOf } from './service-environment.ts';
import type { Variables } from './service-environment.ts';
import { services, simulator } from './service-table.ts';
import type { Service } from './service-table.ts';
import { describeSystem, readServersFile, writeServersFile } from './servers-file.ts';
import { startServers } from './start-servers.ts';
import { requireFreePorts, startServices } from './start-services.ts';
import type { Starting } from './starting.ts';
import { stopwatch } from './terminal.ts';
import { trialSettings } from './trial-settings.ts';

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
  const processes = processesOf(starting);
  await requireFreePorts(processes, env);

  const settings = options.simulator ? trialSettings(layout, env) : Promise.resolve({}); // files may have to be made first
  parts.steps.push(settings);
  const { servers, remove } = await planServers(starting);
  parts.remove = remove;
  const ready = startServers(servers, starting, parts.servers);
  parts.steps.push(...Object.values(ready));
  const trial = await settings;
  const addresses = { kafka: servers.kafka.address, postgres: servers.postgres.address, redis: servers.redis.address };
  const environment = serviceEnvironment(env, { services: processes, addresses, trial, localDir: layout.dir });
  parts.steps.push(...startServices(processes, environment, ready, starting, parts.services));
  await Promise.all(parts.steps);

  writeServersFile(layout.serversFile, describeSystem(environment, processes, servers));
  if (options.simulator) await demonstrate(environment, starting);
  say('');
  for (const line of readyLines(environment, processes)) say(line);
}

/** Everything that runs here. Without the simulator there is WeChat Pay only for whoever has a merchant's files. */
function processesOf({ options, env, say }: Starting): readonly Service[] {
  if (options.simulator) return [...services, simulator];
  if (env['WECHAT_PAY_DIR']) return services;
  say('· payment 不启动：没有设置 WECHAT_PAY_DIR（见 .env.example） payment is not started: WECHAT_PAY_DIR is not set');
  return services.filter(({ name }) => name !== 'payment');
}

async function demonstrate(environment: Record<string, string>, { say, signal }: Starting): Promise<void> {
  await ensureDemoCampaign(environment, say);
  signal.throwIfAborted();
  const named = (name: string) => services.find((service) => service.name === name)!;
  const urls = {
    simulator: urlOf(simulator, environment),
    ingress: urlOf(named('ingress'), environment),
    claimLog: urlOf(named('claim-log'), environment),
  };
  const claimed = await claimOnce(urls, say);
  signal.throwIfAborted();
  if (environment['WECHAT_PAY_PLATFORM_DIR']) await orderOnce(urls, claimed, say);
}

/** The line others wait for begins with `ready`. */
export function readyLines(env: Variables, processes: readonly Service[]): string[] {
  const shown: Record<string, string> = { ingress: 'ingress', payment: 'payment', simulator: '聊天页 chat page' };
  const addresses = processes
    .filter(({ name }) => name in shown)
    .map((service) => `${shown[service.name]} ${urlOf(service, env)}`);
  const ingress = urlOf(
    processes.find(({ name }) => name === 'ingress')!,
    env,
  );
  return [
    ...(env['WECHAT_PAY_DIR'] ? [`小程序接口 mini-program API ${ingress}/api/…`] : []),
    ...(env['TILL_TOKEN'] ? [`收银台核销 till POST ${ingress}/redemptions`] : []),
    ...(env['WECHAT_PAY_DIR'] ? [`商户文件 the merchant's files ${env['WECHAT_PAY_DIR']}`] : []),
    `ready 已就绪: ${addresses.join('  ')}`,
  ];
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
