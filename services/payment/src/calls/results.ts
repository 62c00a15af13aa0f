import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '@lingquan/errors';
import type { Processor } from '@lingquan/exactly-once';
import type { Log } from '@lingquan/log';
import type { Item } from '../settling/round.ts';
import type { Settle } from '../settling/settle.ts';

export type Results = {
  /** Resolves when the item is settled and committed, or cannot be: then its call comes due again by itself. */
  settle: (item: Item) => Promise<void>;
};

type Waiting = { item: Item; resolve: () => void };

const ITEMS_MAX = 500;
/** For how long a result that is known is kept for a store that is away; then the call is made again. */
const KEEP_MS = 40_000;

/** Gathers what calls came to: what arrives while one transaction is under way is settled together in the next. */
export function gatherResults(say: Processor['say'], settle: Settle, log: Log): Results {
  let waiting: Waiting[] = [];
  let working = false;

  const settleAll = (items: Item[]) => say(async (client) => (await settle(client, items)).flat());

  /** An item that cannot be settled is left out, alone. */
  async function settleSome(items: Item[], untilMs: number): Promise<void> {
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2000)) {
      try {
        return await settleAll(items);
      } catch (error) {
        const passing = codeOf(error) === 'unavailable' || codeOf(error) === 'conflict';
        if (!passing && items.length > 1) {
          for (const item of items) await settleSome([item], untilMs);
          return;
        }
        if (!passing || Date.now() > untilMs) {
          log.error({ err: error, calls: items.length }, 'the result of a call cannot be settled; it is made again');
          return;
        }
        await delay(pauseMs);
      }
    }
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.splice(0, ITEMS_MAX);
      await settleSome(
        some.map(({ item }) => item),
        Date.now() + KEEP_MS,
      );
      for (const { resolve } of some) resolve();
    }
    working = false;
  }

  return {
    settle: (item) =>
      new Promise<void>((resolve) => {
        waiting.push({ item, resolve });
        if (working) return;
        working = true;
        setImmediate(() => void work());
      }),
  };
}
