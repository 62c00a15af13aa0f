import type { Pool, PoolClient } from 'pg';
import { asAppError } from './errors.ts';

/**
 * Runs `work` in one transaction (read committed). A throw rolls every row back; a connection lost during commit is
 * *unknown* and thrown as `unavailable`: whoever tries again must find out from the rows.
 */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asAppError(error);
  });
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // A connection that cannot even roll back is not given back to the pool.
    const broken = await client.query('rollback').then(
      () => undefined,
      (cause: Error) => cause,
    );
    client.release(broken);
    throw asAppError(error);
  }
}
