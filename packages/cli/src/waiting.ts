import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@lingquan/errors';

const ASK_EVERY_MS = 50;

/**
 * Asks until there is an answer. Rejects with `unavailable` and `late` when none came within `withinMs`: a command that was put on record
 * is carried out all the same.
 */
export async function askUntil<T>(ask: () => Promise<T | undefined>, withinMs: number, late: string): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new AppError('unavailable', late);
    await delay(ASK_EVERY_MS);
  }
}
