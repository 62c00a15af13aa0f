import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '@lingquan/errors';

const FIRST_MS = 100;
const LONGEST_MS = 2000;

/** Does `work`, again and again while it fails for a reason that passes, for `forMs` at most; then throws its last failure. */
export async function surely(work: () => Promise<void>, forMs: number, now: () => number = Date.now): Promise<void> {
  const giveUpAtMs = now() + forMs;
  for (let pauseMs = FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_MS)) {
    try {
      return await work();
    } catch (error) {
      const passing = codeOf(error) === 'unavailable' || codeOf(error) === 'conflict';
      if (!passing || now() >= giveUpAtMs) throw error;
      await delay(pauseMs);
    }
  }
}
