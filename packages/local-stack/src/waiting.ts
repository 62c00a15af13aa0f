import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, messageOf } from '@lingquan/errors';

/**
 * Waits until `check` stops throwing, asking every `everyMs`.
 * Throws `unavailable` with the last reason after `withinMs`, and at once when `signal` fires.
 */
export async function waitUntil(
  check: () => Promise<void>,
  { withinMs, everyMs = 50, signal }: { withinMs: number; everyMs?: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const deadlineAt = Date.now() + withinMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await check();
    } catch (cause) {
      if (Date.now() >= deadlineAt) {
        throw new AppError('unavailable', `no answer within ${withinMs / 1000} s: ${messageOf(cause)}`);
      }
    }
    await sleep(everyMs, undefined, signal ? { signal } : {});
  }
}

/** Gives `fallback` if `work` is not done within `withinMs`. `work` goes on unobserved. */
export async function within<T, F>(work: Promise<T>, withinMs: number, fallback: F): Promise<T | F> {
  const timer = new AbortController();
  try {
    return await Promise.race([work, sleep(withinMs, fallback, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
