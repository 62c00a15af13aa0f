import type { Log } from '@lingquan/log';
import { Redis } from 'ioredis';

export type { Redis } from 'ioredis';

/**
 * A Redis client for request paths: while the server is away every command fails at once (frozen: after `commandTimeoutMs`),
 * nothing queues up, and the client reconnects by itself. Redis is a convenience here: callers go on without it.
 */
export function connectRedis(
  url: string,
  { log, commandTimeoutMs = 200 }: { log: Log; commandTimeoutMs?: number },
): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: 500,
    enableAutoPipelining: true,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) log.warn({ err: { message: error.message } }, 'redis is away; going on without it');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('redis is back');
    away = false;
  });
  return redis;
}

/** Resolves when the client is connected for the first time, or after `timeoutMs` without it. */
export async function redisConnected(redis: Redis, timeoutMs = 1000): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
