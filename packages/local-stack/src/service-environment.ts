import { AppError } from '@lingquan/errors';
import { addressVariable, serverNames } from './servers/names.ts';
import type { ServerName } from './servers/names.ts';
import type { Service } from './service-table.ts';

/** A set of environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The port a service will listen on. Throws `invalid` when the variable holds none. */
export function portOf({ portVariable, defaultPort }: Service, env: Variables): number {
  const given = env[portVariable];
  if (given === undefined || given === '') return defaultPort;
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new AppError('invalid', `${portVariable} 应是 1 到 65535 的端口 must be a port from 1 to 65535`);
}

/** Where a service is reached from this machine. Services listen on HOST; all addresses include the loopback one. */
export function urlOf(service: Service, env: Variables): string {
  const host = env['HOST'];
  const reachable = host === undefined || ['', '0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${portOf(service, env)}`;
}

/**
 * The environment every service gets: ours, the servers' addresses, each service's port, and the secrets. What is given in the
 * environment wins over the secrets; the servers' addresses are those found, which the environment had its say in.
 */
export function serviceEnvironment(
  env: Variables,
  {
    services,
    addresses,
    secrets,
    localDir,
  }: {
    services: readonly Service[];
    addresses: Record<ServerName, string>;
    secrets: Variables;
    localDir: string;
  },
): Record<string, string> {
  const ports = services.map((service) => [service.portVariable, String(portOf(service, env))]);
  const servers = serverNames.map((name) => [addressVariable[name], addresses[name]]);
  const merged: Variables = {
    ...secrets,
    ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
    ...Object.fromEntries(ports),
    ...Object.fromEntries(servers),
    LOCAL_DIR: localDir,
  };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
