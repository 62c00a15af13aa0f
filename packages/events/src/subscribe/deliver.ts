import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@lingquan/errors';
import { TooSlow } from './membership.ts';
import { TryAgain } from './try-again.ts';

/** How a delivery ended. Given up: the partition was taken away or the subscription stops; the events come again, here or elsewhere. */
export type Delivered = { kind: 'done' } | { kind: 'given up' } | { kind: 'failed'; error: unknown };

export type Delivery<E> = {
  /** One call of the handler. */
  call: (events: E[]) => Promise<void>;
  attempts: number;
  /** False once there is no point in going on. */
  onward: () => boolean;
  log: (notice: string) => void;
};

const STEP_MS = 100;
const pauseMs = (attempt: number): number => Math.min(200 * 2 ** attempt, 30_000);

/** Gives events to the handler until it took them, it threw `attempts` times, or there is no point in going on. Throws `TooSlow`. */
export async function deliver<E>(events: E[], { call, attempts, onward, log }: Delivery<E>): Promise<Delivered> {
  let failures = 0;
  for (let attempt = 0; onward(); attempt++) {
    try {
      await call(events);
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof TooSlow) throw error; // it still runs: giving it the same again would only add to it
      if (!(error instanceof TryAgain) && ++failures >= attempts) return { kind: 'failed', error };
      if (attempt === 0)
        log(`${events.length} 个事件没有处理成，重试 events not handled, trying again: ${messageOf(error)}`);
      await pause(pauseMs(attempt), onward);
    }
  }
  return { kind: 'given up' };
}

/** Waits in short steps, so that a stop does not wait for it. */
async function pause(ms: number, onward: () => boolean): Promise<void> {
  for (const end = Date.now() + ms; onward() && Date.now() < end;) await delay(Math.min(STEP_MS, end - Date.now()));
}
