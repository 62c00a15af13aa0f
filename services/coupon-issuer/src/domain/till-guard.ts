/** A till that asked for this many codes that do not exist within this time is refused everything until some are older. */
export const WRONG_CODES_MAX = 10;
export const WRONG_CODES_MS = 10 * 60_000;

/** The instant until which a till is refused, given when it asked for wrong codes; undefined when it may ask. */
export function blockedUntil(wrongAtMs: readonly number[], nowMs: number): number | undefined {
  const latest = wrongAtMs.filter((atMs) => atMs > nowMs - WRONG_CODES_MS).toSorted((a, b) => a - b);
  const oldest = latest.at(-WRONG_CODES_MAX);
  return oldest === undefined ? undefined : oldest + WRONG_CODES_MS;
}

/** The wrong codes worth remembering after one more; commands' times need not rise. */
export const withWrongCode = (wrongAtMs: readonly number[], nowMs: number): number[] =>
  [...wrongAtMs, nowMs].toSorted((a, b) => a - b).slice(-WRONG_CODES_MAX);
