import { setTimeout as delay } from 'node:timers/promises';

/** Thrown when a step came to nothing within its time; `step` is counted. */
export class GaveUp extends Error {
  readonly step: string;
  constructor(step: string, why: string) {
    super(`${step}: ${why}`);
    this.name = 'GaveUp';
    this.step = step;
  }
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

export type Patience = {
  /** performance.now() after which a step gives up. */
  untilMs: number;
  onRetry?: () => void;
};

/**
 * Does a step until it gives something else than undefined, with growing pauses in between. Throws GaveUp when its time is over. What an
 * attempt sends must be the same each time: it may have been taken although no answer came.
 */
export async function persist<T>(
  step: string,
  attempt: () => Promise<T | undefined>,
  { untilMs, onRetry }: Patience,
): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
    const done = await attempt();
    if (done !== undefined) return done;
    if (performance.now() > untilMs) throw new GaveUp(step, 'no outcome in time');
    onRetry?.();
    await delay(pauseMs);
  }
}
