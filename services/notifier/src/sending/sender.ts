import type { Processor } from '@lingquan/exactly-once';
import type { Log } from '@lingquan/log';
import { startWork } from '@lingquan/service/work.ts';
import type { Pool } from 'pg';
import type { Delivery, Verdict } from '../domain/delivery.ts';
import type { NotifierMeasure } from '../metrics.ts';
import { factOf } from '../publish/facts.ts';
import { end, postpone, takeDue } from '../store/deliveries.ts';
import { surely } from './surely.ts';

export type SenderOptions = {
  pool: Pool;
  say: Processor['say'];
  /** One turn of a delivery; undefined when it turned out to be no longer ours. */
  attempt: (delivery: Delivery) => Promise<Verdict | undefined>;
  measure: NotifierMeasure;
  log: Log;
};

export type Sender = {
  /** There may be something due. */
  wake: () => void;
  /** Takes nothing more; resolves when what is under way has its result in the store. */
  stop: () => Promise<void>;
};

/**
 * Calls under way at a time: at 100 ms each 640 messages a second, while the platform's quota is 500 000 a day. With a platform that
 * answers at once: 16 under way 370 a second, 64 under way 490 (2 busy cores, the platform's stand-in in the same process).
 */
const UNDER_WAY_MAX = 64;
/** Long enough for everything that comes before the call. */
const LEASE_MS = 30_000;
const LOOK_MS = 500;
/** For how long writing a result is tried: one that is known must not become uncertain by a short outage of the store. Shorter than after what time it would be held to be uncertain. */
const SETTLE_MS = 40_000;

/** Takes what is due, some at a time, and writes down what became of each. Several processes may do so side by side. */
export function startSender({ pool, say, attempt, measure, log }: SenderOptions): Sender {
  const underWay = new Set<Promise<void>>();

  async function settle(delivery: Delivery, verdict: Verdict): Promise<void> {
    if (verdict.kind === 'again') return postpone(pool, delivery, verdict.atMs, verdict.errcode);
    await say(async (client) => {
      const ended = await end(client, delivery, verdict);
      return ended === undefined ? [] : [factOf(ended, verdict)];
    });
    measure.ended(verdict);
  }

  async function handle(delivery: Delivery): Promise<void> {
    try {
      const verdict = await attempt(delivery);
      if (verdict !== undefined) await surely(() => settle(delivery, verdict), SETTLE_MS);
    } catch (error) {
      // Not marked as being sent: due again when the lease is over. Marked: uncertain after a while.
      log.error({ err: error, causeId: delivery.causeId }, 'a delivery could not be brought to its end');
    }
  }

  async function takeSome(): Promise<number> {
    const taken = await takeDue(pool, UNDER_WAY_MAX - underWay.size, LEASE_MS);
    for (const delivery of taken) {
      const handling: Promise<void> = handle(delivery).finally(() => underWay.delete(handling));
      underWay.add(handling);
    }
    return taken.length;
  }

  const work = startWork(
    'cannot see what is due',
    LOOK_MS,
    async () => {
      const taken = await takeSome();
      if (underWay.size < UNDER_WAY_MAX) return taken > 0;
      await Promise.race(underWay);
      return true;
    },
    log,
  );
  return {
    wake: work.wake,
    stop: async () => {
      await work.stop();
      await Promise.all(underWay);
    },
  };
}
