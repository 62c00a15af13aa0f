import { expect, test } from '@jest/globals';
import { AppError, codeOf } from '@lingquan/errors';
import { DatabaseError } from 'pg';
import { asAppError } from './errors.ts';

const sqlState = (code: string) => Object.assign(new DatabaseError('it said no', 0, 'error'), { code });
const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

test.each([
  ['a serialization failure', sqlState('40001'), 'conflict'],
  ['a deadlock', sqlState('40P01'), 'conflict'],
  ['a shutdown', sqlState('57P01'), 'unavailable'],
  ['a server that starts', sqlState('57P03'), 'unavailable'],
  ['a statement that took too long', sqlState('57014'), 'unavailable'],
  ['a lock not had in time', sqlState('55P03'), 'unavailable'],
  ['too many connections', sqlState('53300'), 'unavailable'],
  ['a full disk', sqlState('53100'), 'unavailable'],
  ['a connection failure', sqlState('08006'), 'unavailable'],
  ['a refused connection', system('ECONNREFUSED'), 'unavailable'],
  ['a reset connection', system('ECONNRESET'), 'unavailable'],
  ['a connection that ended', new Error('Connection terminated unexpectedly'), 'unavailable'],
  ['a pool with nothing to give', new Error('timeout exceeded when trying to connect'), 'unavailable'],
  [
    'a client already broken',
    new Error('Client has encountered a connection error and is not queryable'),
    'unavailable',
  ],
  ['a broken constraint', sqlState('23505'), 'internal'],
  ['a wrong statement', sqlState('42601'), 'internal'],
  ['any other error', new Error('odd'), 'internal'],
])('%s is treated as %3$s', (_what, error, code) => {
  expect(codeOf(asAppError(error))).toBe(code);
});

test('our own errors and what is no error stay as they are', () => {
  const own = new AppError('not_found', 'nothing there');
  expect(asAppError(own)).toBe(own);
  expect(asAppError('text')).toBe('text');
  const bug = sqlState('23505');
  expect(asAppError(bug)).toBe(bug);
});

test('the cause is kept for the log', () => {
  const cause = sqlState('57P01');
  expect(asAppError(cause)).toMatchObject({ cause });
});
