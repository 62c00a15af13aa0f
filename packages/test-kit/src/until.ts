import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves with the first value of `check` that is neither false nor undefined; rejects, with the last error if there was
 * one, when there is none by the deadline. For waiting on a condition instead of on time.
 */
export async function until<T>(
  check: () => Promise<T | undefined | false> | T | undefined | false,
  what: string,
  deadlineMs = 30_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await delay(20);
  }
  throw new Error(`not within ${deadlineMs} ms: ${what}`, { cause: last });
}
