import { join } from 'node:path';
import { AppError } from '@lingquan/errors';
import { checkout } from './layout.ts';
import { keepAlive } from './processes/keep-alive.ts';
import type { Keeper, Kept } from './processes/keep-alive.ts';
import { launch } from './processes/launch.ts';
import { isFree } from './servers/ports.ts';
import { ownEnvironment, portsOf, urlOf } from './service-environment.ts';
import type { Variables } from './service-environment.ts';
import type { Service } from './service-table.ts';
import type { ServersReady } from './start-servers.ts';
import type { Starting } from './starting.ts';
import { stopwatch } from './terminal.ts';

/** Throws `invalid` naming each port that somebody else uses and the variable that changes it. Nobody is driven out. */
export async function requireFreePorts(services: readonly Service[], env: Variables): Promise<void> {
  const ports = services.flatMap((service) =>
    portsOf(service, env).map(([variable, port]) => ({ name: service.name, variable, port })),
  );
  const free = await Promise.all(ports.map(({ port }) => isFree(port)));
  const taken = ports.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ name, variable, port }) => `  ${port}（${name}）：用 ${variable}=… 换一个 choose another with ${variable}=…`,
  );
  throw new AppError('invalid', `端口已被占用 these ports are in use:\n${lines.join('\n')}`);
}

/** Starts each service as soon as the servers it needs answer; each promise tells when one is ready, and its keeper among `keepers`. */
export function startServices(
  services: readonly Service[],
  environment: Record<string, string>,
  serversReady: ServersReady,
  starting: Starting,
  keepers: Keeper[],
): Promise<void>[] {
  const start = async (service: Service) => {
    await Promise.all(service.needs.map((name) => serversReady[name]));
    const elapsed = stopwatch();
    const kept = serviceProcess(service, ownEnvironment(service, services, environment), starting);
    keepers.push(await keepAlive(kept, starting.pids, starting.say, starting.signal));
    starting.say(`✓ ${service.name} ${urlOf(service, environment)} ${elapsed()}`);
  };
  return services.map(start);
}

/** A service as a process: our own Node runs its TypeScript. Ready is when /readyz says so. */
function serviceProcess(service: Service, env: Record<string, string>, { layout }: Starting): Kept {
  const logFile = join(layout.log, `${service.name}.log`);
  return {
    name: service.name,
    logFile,
    start: () =>
      launch({ command: process.execPath, args: [join(checkout, service.entry)], cwd: checkout, env, logFile }),
    ready: () => answersReady(`${urlOf(service, env)}/readyz`),
    readyWithinMs: 120_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 16_000, // a service gives itself 15 s
    attempts: 6, // ten seconds in all, for a broker that is still making itself and its topics
  };
}

async function answersReady(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status} ${body.slice(0, 200)}`);
}
