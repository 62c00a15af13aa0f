import { databaseName } from '@lingquan/postgres';
import type { isolate } from '@lingquan/test-kit';
import { Client } from 'pg';

/** Asks a service's store of this system, or changes it behind the service's back. */
export async function inStore<T extends object>(
  { env, prefix }: Pick<ReturnType<typeof isolate>, 'env' | 'prefix'>,
  service: string,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> {
  const url = new URL(env.POSTGRES_URL);
  url.pathname = `/${databaseName(prefix, service)}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
