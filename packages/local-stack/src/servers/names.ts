/** The servers the system needs. */
export type ServerName = 'kafka' | 'postgres' | 'redis';

export const serverNames = ['kafka', 'postgres', 'redis'] as const satisfies readonly ServerName[];

/** The variable that holds a server's address, for us to read and for the services to receive. */
export const addressVariable: Record<ServerName, string> = {
  kafka: 'KAFKA_BROKERS',
  postgres: 'POSTGRES_URL',
  redis: 'REDIS_URL',
};

/** The address of a server that listens on this machine, in the form its variable takes. */
export function localAddress(name: ServerName, port: number): string {
  if (name === 'kafka') return `127.0.0.1:${port}`;
  return name === 'postgres' ? `postgres://postgres@127.0.0.1:${port}` : `redis://127.0.0.1:${port}`;
}

/** The address of a server that Docker publishes on this machine; docker-compose.yml gives Postgres a password. */
export function dockerAddress(name: ServerName, port: number, env: NodeJS.ProcessEnv): string {
  if (name !== 'postgres') return localAddress(name, port);
  return `postgres://postgres:${encodeURIComponent(env['POSTGRES_PASSWORD'] || 'lingquan')}@127.0.0.1:${port}`;
}
