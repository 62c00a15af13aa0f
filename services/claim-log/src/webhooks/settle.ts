import type { Log } from '@lingquan/log';
import type { DeliveryStore, Settled } from '../store/deliveries.ts';

/**
 * Writes results down together: those that come while a statement is under way travel with the next. `add` resolves when its result
 * is in the store or could not be written; then it is found out by sending again.
 */
export function settler(deliveries: Pick<DeliveryStore, 'settle'>, log: Log) {
  let waiting: Settled[] = [];
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting;
      waiting = [];
      await deliveries.settle(some).catch((error: unknown) => {
        log.warn({ err: error, results: some.length }, 'results of webhook messages are lost; they are sent again');
      });
    }
  }
  return {
    add: (result: Settled): Promise<void> => {
      waiting.push(result);
      writing ??= write().finally(() => (writing = undefined));
      return writing;
    },
  };
}
