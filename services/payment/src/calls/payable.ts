import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@lingquan/errors';
import { inTransaction } from '@lingquan/postgres';
import type { Pool } from 'pg';
import { orderTask } from '../domain/change.ts';
import { isPayable } from '../domain/order.ts';
import type { Order } from '../domain/order.ts';
import { loadOrders } from '../store/orders.ts';
import { changeTasks } from '../store/tasks.ts';

const WAIT_MS = 3000;
const LOOK_MS = 50;

/**
 * The order with a prepay_id that can be used, or undefined when it cannot be paid. One whose prepay_id is about to end is prepared
 * again first, with the same contents. Throws `unavailable` when that takes too long.
 */
export function payableOrders(pool: Pool, wakeCaller: () => void): (order: Order) => Promise<Order | undefined> {
  return async (order) => {
    const startedAtMs = Date.now();
    const first = isPayable(order, startedAtMs);
    if (first !== 'prepare_again') return first === 'yes' ? order : undefined;
    await inTransaction(pool, (client) => changeTasks(client, [orderTask('prepay', order, startedAtMs)]));
    wakeCaller();
    while (Date.now() - startedAtMs < WAIT_MS) {
      await delay(LOOK_MS);
      const now = (await loadOrders(pool, [order.outTradeNo])).get(order.outTradeNo);
      const answer = now === undefined ? 'no' : isPayable(now, Date.now());
      if (answer !== 'prepare_again') return answer === 'yes' ? now : undefined;
    }
    throw new AppError('unavailable', 'WeChat Pay is being asked again for this order; try once more');
  };
}
