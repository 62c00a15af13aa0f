import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { serverNames } from './servers/names.ts';
import type { ServerName } from './servers/names.ts';
import type { Source } from './servers/sources.ts';
import { urlOf } from './service-environment.ts';
import type { Variables } from './service-environment.ts';
import type { Service } from './service-table.ts';

/** What `run/servers.json` tells about a running system. Holds no secrets. */
export type ServersFile = {
  kafkaBrokers: string;
  postgresUrl: string;
  redisUrl: string;
  topicPrefix: string;
  /** Base addresses by service name. */
  services: Record<string, string>;
  /** Where each server comes from. */
  servers: Record<string, { by: Source }>;
  wechat: { appid: string | undefined; mode: string | undefined; apiUrl: string | undefined };
};

/** Describes a system from the environment its services run with. */
export function describeSystem(
  env: Variables,
  services: readonly Service[],
  servers: Record<ServerName, { source: Source }>,
): ServersFile {
  return {
    kafkaBrokers: env['KAFKA_BROKERS'] ?? '',
    postgresUrl: env['POSTGRES_URL'] ?? '',
    redisUrl: env['REDIS_URL'] ?? '',
    topicPrefix: env['TOPIC_PREFIX'] ?? '',
    services: Object.fromEntries(services.map((service) => [service.name, urlOf(service, env)])),
    servers: Object.fromEntries(serverNames.map((name) => [name, { by: servers[name].source }])),
    wechat: { appid: env['WECHAT_APP_ID'], mode: env['WECHAT_MODE'], apiUrl: env['WECHAT_API_URL'] },
  };
}

/** Writes the file whole: a reader never sees half of it. Addresses may hold passwords, so it is the owner's alone. */
export function writeServersFile(file: string, content: ServersFile): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The system that runs in this layout, or undefined when none has got that far. */
export const readServersFile = (file: string): ServersFile | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServersFile) : undefined;
