import type { Pool, PoolClient } from 'pg';
import { asAppError } from './errors.ts';

/** Hands over a write that need not be awaited before the commit is sent: it fails with it, or is done with it. */
export type Last = (write: Promise<unknown>) => void;

/**
 * Runs `work` in one transaction (read committed). A throw rolls every row back; a connection lost during commit is
 * *unknown* and thrown as `unavailable`: whoever tries again must find out from the rows.
 *
 * Stores pipeline: queries issued without awaiting travel together and run one after the other. So `work` hands its last
 * writes to `last`, and the commit leaves in the same packet; if one of them fails, Postgres makes the commit a rollback.
 */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient, last: Last) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asAppError(error);
  });
  const writes: Promise<unknown>[] = [];
  try {
    const begun = client.query('begin');
    begun.catch(() => undefined); // then everything after it fails too, and that is thrown
    const result = await work(client, (write) => void writes.push(write));
    await Promise.all([...writes, client.query('commit')]);
    client.release();
    return result;
  } catch (error) {
    await Promise.allSettled(writes);
    // A connection that cannot even roll back is not given back to the pool.
    const broken = await client.query('rollback').then(
      () => undefined,
      (cause: Error) => cause,
    );
    client.release(broken);
    throw asAppError(error);
  }
}
