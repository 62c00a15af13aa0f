import { AppError } from '@lingquan/errors';

/** What keeps a subscriber in its group while it works. */
export type Membership = {
  /** What ended the membership, as kafkajs threw it; undefined while it lasts. */
  lost: () => unknown;
  /** Ends the heartbeats. */
  end: () => void;
};

/**
 * Sends heartbeats while a batch is being handled, however long that takes: kafkajs sends none by itself. A handler that hangs is found by
 * its own time limit (`withinTime`), not by a lost membership.
 */
export function keepMembership(heartbeat: () => Promise<void>, everyMs: number): Membership {
  let lost: unknown;
  const timer = setInterval(() => {
    if (lost === undefined) heartbeat().catch((error: unknown) => void (lost ??= error));
  }, everyMs);
  return { lost: () => lost, end: () => clearInterval(timer) };
}

/** Thrown when the handler did not come to an end in time. */
export class TooSlow extends AppError {}

/** Resolves or rejects as `work` does; rejects with `TooSlow` after `ms`, and aborts the signal `work` was given. */
export async function withinTime<R>(ms: number, work: (signal: AbortSignal) => R | Promise<R>): Promise<R> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new TooSlow(
        'unavailable',
        `the handler did not finish within ${ms} ms: make batchMax smaller or handlerTimeoutMs larger`,
      );
      reject(error);
      abort.abort(error);
    }, ms);
  });
  try {
    return await Promise.race([work(abort.signal), over]);
  } finally {
    clearTimeout(timer);
  }
}
