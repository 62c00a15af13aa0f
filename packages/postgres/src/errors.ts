import { AppError } from '@lingquan/errors';
import { DatabaseError } from 'pg';

/** SQLSTATE classes and codes that pass by themselves: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const conflicts = new Set(['40001', '40P01']); // serialization failure, deadlock
const passing = new Set([
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '57014', // cancelled by statement_timeout
  '55P03', // lock not available (lock_timeout)
  '25P03', // idle in transaction too long
]);
const passingClasses = new Set(['08', '53', '58']); // connection, resources, system

/** node's and pg's own errors when a connection breaks carry no SQLSTATE. */
const connectionErrors =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|Connection terminated|timeout exceeded when trying to connect|not queryable|Query read timeout/;

/** Postgres's and pg's failures as ours: a broken connection passes, a constraint broken is our bug. */
export function asAppError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    if (conflicts.has(code)) return new AppError('conflict', 'another transaction came first', { cause: error });
    if (passing.has(code) || passingClasses.has(code.slice(0, 2)))
      return new AppError('unavailable', 'postgres cannot do this now', { cause: error });
    return error;
  }
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (connectionErrors.test(`${code} ${error.message}`))
    return new AppError('unavailable', 'postgres does not answer', { cause: error });
  return error;
}
