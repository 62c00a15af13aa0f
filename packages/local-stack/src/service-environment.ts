import { AppError } from '@lingquan/errors';
import { addressVariable, serverNames } from './servers/names.ts';
import type { ServerName } from './servers/names.ts';
import type { Service } from './service-table.ts';

/** A set of environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The port a service will listen on. Throws `invalid` when the variable holds none. */
export const portOf = ({ portVariable, defaultPort }: Service, env: Variables): number =>
  portIn(env, portVariable, defaultPort);

/** Every port a service will listen on, by variable. Throws `invalid` naming the variable that holds none. */
export function portsOf({ portVariable, defaultPort, morePorts }: Service, env: Variables): [string, number][] {
  const defaults = Object.entries({ [portVariable]: defaultPort, ...morePorts });
  return defaults.map(([variable, fallback]) => [variable, portIn(env, variable, fallback)]);
}

/** The port a variable says, else its default. Throws `invalid` when it says none. */
function portIn(env: Variables, variable: string, fallback: number): number {
  const given = env[variable];
  if (given === undefined || given === '') return fallback;
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new AppError('invalid', `${variable} 应是 1 到 65535 的端口 must be a port from 1 to 65535`);
}

/** Where a service is reached from this machine. Services listen on HOST; all addresses include the loopback one. */
export const urlOf = (service: Service, env: Variables): string => `http://${hostIn(env)}:${portOf(service, env)}`;

/** The host to reach this machine's services by, as it stands in an address. */
export function hostIn(env: Variables): string {
  const host = env['HOST'];
  const reachable = host === undefined || ['', '0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return reachable.includes(':') ? `[${reachable}]` : reachable;
}

/**
 * The environment services get: ours, the servers' addresses, each service's ports, and the settings for trying it out (`trial`).
 * What is given in the environment wins over those; the servers' addresses are those found, which the environment had its say in.
 */
export function serviceEnvironment(
  env: Variables,
  {
    services,
    addresses,
    trial,
    localDir,
  }: {
    services: readonly Service[];
    addresses: Record<ServerName, string>;
    trial: Variables;
    localDir: string;
  },
): Record<string, string> {
  const ports = services.flatMap((service) => portsOf(service, env)).map(([name, port]) => [name, String(port)]);
  const servers = serverNames.map((name) => [addressVariable[name], addresses[name]]);
  const merged: Variables = {
    ...trial,
    ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
    ...Object.fromEntries(ports),
    ...Object.fromEntries(servers),
    LOCAL_DIR: localDir,
  };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** What one of `services` gets of it: everything but what is another's own. */
export function ownEnvironment(
  service: Service,
  services: readonly Service[],
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const others = new Set(services.filter((one) => one !== service).flatMap(({ own = [] }) => own));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !others.has(name)));
}
