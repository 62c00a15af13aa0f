import { Client } from 'pg';

/** Removes databases of the store of an isolated system; those that are not there are no error. */
export async function dropDatabases(postgresUrl: string, names: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: postgresUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    for (const name of names)
      await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
  } finally {
    await client.end();
  }
}

/** Every database of a system set apart by `prefix`, as databaseName makes their names. */
export async function databasesOf(postgresUrl: string, prefix: string): Promise<string[]> {
  const client = new Client({ connectionString: postgresUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1) order by datname',
      [prefix.replaceAll(/[^a-z0-9]+/g, '_')],
    );
    return rows.map(({ datname }) => datname);
  } finally {
    await client.end();
  }
}
