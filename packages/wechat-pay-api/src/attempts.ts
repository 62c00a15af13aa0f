import { setTimeout as delay } from 'node:timers/promises';
import type { Addresses } from './addresses.ts';
import type { PayFailure, PayOutcome } from './outcome.ts';

/** One try of a call, and whether the reference allows the same again (0.1, A.12, B.10). */
export type Tried<T> = { outcome: PayOutcome<T>; again: boolean };

export type RetryOptions = {
  /** Tries in all. */
  attemptsMax: number;
  /** Before the second; three times as long before each further one, give or take a half. */
  firstPauseMs: number;
  /** No try begins later than this after the first. */
  budgetMs: number;
};

/** A few quick tries. Longer pauses (the reference speaks of up to 30 s) are the caller's: he keeps them over a restart. */
export const retryDefaults: RetryOptions = { attemptsMax: 3, firstPauseMs: 250, budgetMs: 8000 };

/**
 * Tries a call until it has an answer that stays, at the current entry of the platform each time. A connection that was never made is tried
 * at another entry at once, where there is one.
 */
export async function attempt<T>(
  { attemptsMax, firstPauseMs, budgetMs }: RetryOptions,
  places: Addresses,
  { onRetry, signal }: { onRetry: () => void; signal: AbortSignal },
  once: (origin: string) => Promise<Tried<T>>,
): Promise<PayOutcome<T>> {
  const startedAt = performance.now();
  let before: PayFailure | undefined;
  for (let count = 1; ; count++) {
    const origin = places.current();
    const { outcome, again } = await once(origin);
    if (outcome.kind === 'ok') return outcome;
    if (again) places.failed(origin);
    const combined = together(before, outcome);
    if (!again || count >= attemptsMax) return combined;
    const pauseMs = pauseBefore(count, firstPauseMs, outcome, places.current() !== origin);
    if (performance.now() - startedAt + pauseMs > budgetMs) return combined;
    const stopped = await delay(pauseMs, false, { signal }).catch(() => true);
    if (stopped) return combined;
    before = combined;
    onRetry();
  }
}

/** A try that never left does not make certain what an earlier one left open. Public for its test. */
export const together = (before: PayFailure | undefined, now: PayFailure): PayFailure =>
  before?.failure === 'uncertain' && now.failure === 'not_sent' ? before : now;

function pauseBefore(count: number, firstPauseMs: number, { failure }: PayFailure, elsewhere: boolean): number {
  if (elsewhere && failure === 'not_sent') return 0;
  return firstPauseMs * 3 ** (count - 1) * (0.5 + Math.random());
}
