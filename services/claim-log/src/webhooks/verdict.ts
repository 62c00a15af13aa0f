/** What a receiver answered: a status, or why there was none. `retryAfterMs` is what he asked for. */
export type Answer = { status: number; retryAfterMs: number | undefined } | { error: string };

/** What to do with a delivery after a try. `gone` ends the webhook as well. */
export type Verdict = { kind: 'delivered' } | { kind: 'again'; inMs: number } | { kind: 'failed' } | { kind: 'gone' };

export type RetryRule = {
  /** Before the second try. */ firstMs: number;
  /** From the first try to the last. */ forMs: number;
};

const GROWTH = 4;
const PAUSE_MAX_MS = 4 * 3_600_000;

/**
 * A delivery that was tried `attempts` times, first at `firstAtMs`: 2xx is success, 410 means never again, anything else is tried
 * again after pauses that grow (5 s, 20 s, 80 s, 5 min, 21 min, 85 min, then every 4 h), one fifth more or less by `chance` (0 to 1)
 * so that receivers are not hit by all at once, until `forMs` are over.
 */
export function judge(
  answer: Answer,
  { attempts, firstAtMs, nowMs, chance }: { attempts: number; firstAtMs: number; nowMs: number; chance: number },
  { firstMs, forMs }: RetryRule,
): Verdict {
  const status = 'status' in answer ? answer.status : 0;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  if (nowMs - firstAtMs >= forMs) return { kind: 'failed' };
  const pauseMs = Math.min(firstMs * GROWTH ** Math.min(attempts - 1, 20), PAUSE_MAX_MS) * (0.8 + 0.4 * chance);
  const askedMs = 'status' in answer ? Math.min(answer.retryAfterMs ?? 0, PAUSE_MAX_MS) : 0;
  return { kind: 'again', inMs: Math.round(Math.max(pauseMs, askedMs)) };
}
