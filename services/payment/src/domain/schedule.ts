const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Cut by up to half at random, so that a crowd thins out. `random` is in [0, 1). */
const jittered = (ms: number, random: number): number => ms * (0.5 + random / 2);

/** Doubling from `firstMs` to `longestMs`. `attempts` counts from 1. */
export const backOffMs = (firstMs: number, longestMs: number, attempts: number, random: number): number =>
  jittered(Math.min(firstMs * 2 ** Math.max(0, attempts - 1), longestMs), random);

/** How calls are tried again: somebody waits for a prepay, nobody for the rest. */
export const retryMs = {
  prepay: (attempts: number, random: number) => backOffMs(SECOND_MS, 30 * SECOND_MS, attempts, random),
  query: (attempts: number, random: number) => backOffMs(5 * SECOND_MS, 5 * MINUTE_MS, attempts, random),
  close: (attempts: number, random: number) => backOffMs(2 * SECOND_MS, 10 * MINUTE_MS, attempts, random),
  refund: (attempts: number, random: number) => backOffMs(5 * SECOND_MS, 30 * MINUTE_MS, attempts, random),
  query_refund: (attempts: number, random: number) => backOffMs(5 * SECOND_MS, 30 * MINUTE_MS, attempts, random),
} as const;

export type TaskKind = keyof typeof retryMs;

/** Until somebody has topped up the merchant's balance, or looked at what does not fit. */
export const WAIT_FOR_PEOPLE_MS = HOUR_MS;

/**
 * When to ask about an unpaid order next (reference D.7: a back-end schedule until the deadline): 10, 20, 40 s after it was prepared,
 * then each minute, after ten minutes each five. Undefined from the deadline on: closing asks by itself.
 */
export function nextQueryMs(preparedAtMs: number, nowMs: number, payUntilMs: number): number | undefined {
  const ageMs = nowMs - preparedAtMs;
  const early = [10, 20, 40].map((seconds) => seconds * SECOND_MS).find((atMs) => atMs > ageMs);
  const stepMs = ageMs < 10 * MINUTE_MS ? MINUTE_MS : 5 * MINUTE_MS;
  const dueMs = preparedAtMs + (early ?? (Math.floor(ageMs / stepMs) + 1) * stepMs);
  return dueMs < payUntilMs ? dueMs : undefined;
}

const EARLY_MS = 20 * SECOND_MS;
const laterPauses = [5, 10, 20, 30].map((minutes) => minutes * MINUTE_MS);

/**
 * When to ask about a refund next (reference B.11): each minute for 5 min, then after 5, 10, 20 and always 30 min. Once more after 20 s:
 * most are done by then, and a payer whose notice was lost is looking at his phone.
 */
export function nextRefundQueryMs(requestedAtMs: number, nowMs: number): number {
  const ageMs = nowMs - requestedAtMs;
  if (ageMs < EARLY_MS) return requestedAtMs + EARLY_MS;
  if (ageMs < 5 * MINUTE_MS) return requestedAtMs + (Math.floor(ageMs / MINUTE_MS) + 1) * MINUTE_MS;
  let untilMs = 5 * MINUTE_MS;
  for (const pauseMs of laterPauses) {
    untilMs += pauseMs;
    if (ageMs < untilMs) return nowMs + pauseMs;
  }
  return nowMs + laterPauses.at(-1)!;
}

/** An abnormal refund waits for people; still it is asked about. */
export const abnormalQueryMs = (nowMs: number): number => nowMs + 6 * HOUR_MS;

/** Part of Beijing's day (UTC+8 all year), [fromMs, untilMs). Throws RangeError on what is no date. */
export function beijingDay(date: string): { fromMs: number; untilMs: number } {
  const fromMs = Date.parse(`${date}T00:00:00+08:00`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(fromMs) || beijingDate(fromMs) !== date)
    throw new RangeError('no date');
  return { fromMs, untilMs: fromMs + 24 * HOUR_MS };
}

/** The date in Beijing at an instant, YYYY-MM-DD. */
export const beijingDate = (ms: number): string => new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 10);
