import type { Log } from '@lingquan/log';
import { listenToLog } from '../store/notices.ts';
import type { LogOrder, NumberedRow } from '../store/log-order.ts';

export type Tail = {
  /** The number the next event will get, as far as is known here: all smaller ones are committed. */
  end: () => number;
  /** The events numbered [from, end()), when they are still in memory. Only kept while somebody follows. */
  recent: (from: number) => readonly NumberedRow[] | undefined;
  /** Resolves once the log reaches beyond `number`, at the latest after `timeoutMs` or when `signal` fires. */
  beyond: (number: number, timeoutMs: number, signal: AbortSignal) => Promise<void>;
  /** Somebody reads `recent` from now on; call what it returns when he does not any more. */
  follow: () => () => void;
  stop: () => Promise<void>;
};

/** Streams at the end of the log share what one query read; whoever is further behind reads the log himself. */
const RECENT_MAX = 2000;
/** Notices wake it; this is for one that got lost. */
const LOOK_MS = 1000;

/** Watches the end of the log for all readers of this process: one connection that listens, one query per commit. */
export async function startTail({ url, order, log }: { url: string; order: LogOrder; log: Log }): Promise<Tail> {
  let end = await order.end();
  let recent: NumberedRow[] = [];
  let recentFrom = end;
  let followers = 0;
  const waiting = new Set<() => void>();
  let looking: Promise<void> | undefined;
  let again = false;
  let failing = false;

  async function look(): Promise<void> {
    const next = await order.end();
    if (next === end) return;
    if (followers > 0 && next - end <= RECENT_MAX) {
      recent.push(...(await order.read({}, end, next, RECENT_MAX)));
      if (recent.length > RECENT_MAX) {
        recent = recent.slice(-RECENT_MAX);
        recentFrom = recent[0]!.number;
      }
    } else {
      recent = [];
      recentFrom = next;
    }
    end = next;
    for (const wake of waiting) wake();
  }

  async function lookAll(): Promise<void> {
    do {
      again = false;
      await look().then(
        () => (failing = false),
        (error: unknown) => {
          if (!failing) log.warn({ err: error }, 'cannot see the end of the log; trying on');
          failing = true;
        },
      );
    } while (again);
  }

  const wake = () => {
    again = true;
    looking ??= lookAll().finally(() => (looking = undefined));
  };
  const notices = listenToLog(url, wake, log);
  const timer = setInterval(wake, LOOK_MS);

  return {
    end: () => end,
    recent: (from) => {
      if (from < recentFrom) return undefined;
      let first = recent.length; // from the end: that is where nearly all readers are
      while (first > 0 && recent[first - 1]!.number >= from) first--;
      return recent.slice(first);
    },
    beyond: (number, timeoutMs, signal) =>
      new Promise((resolve) => {
        if (end > number || signal.aborted) return resolve();
        const over = () => {
          clearTimeout(limit);
          waiting.delete(check);
          signal.removeEventListener('abort', over);
          resolve();
        };
        const check = () => void (end > number && over());
        const limit = setTimeout(over, timeoutMs);
        waiting.add(check);
        signal.addEventListener('abort', over);
      }),
    follow: () => {
      followers++;
      return () => void followers--;
    },
    stop: async () => {
      clearInterval(timer);
      await notices.stop();
      await looking;
    },
  };
}
