import { createHash } from 'node:crypto';
import { pino } from 'pino';
import type { Logger } from 'pino';

/** A structured logger: one JSON line per call, first the fields, then the message. */
export type Log = Logger;

/**
 * The process's logger, to standard output. `LOG_LEVEL` fits pino's levels.
 * Fields that could hold a secret are cut out wherever they stand at the first two levels; openids go through `maskOpenid`.
 */
export function createLog({ service, level = 'info' }: { service: string; level?: string }): Log {
  const secrets = [
    'access_token',
    'secret',
    'token',
    'encodingAESKey',
    'password',
    'openid',
    'authorization',
    'cookie',
  ];
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
  });
}

/** Twelve hex digits that stand for a follower in logs: the same for the same follower, of no use outside. */
export function maskOpenid(openid: string): string {
  return createHash('sha256').update(openid).digest('hex').slice(0, 12);
}
