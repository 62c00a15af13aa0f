import type { Pool } from 'pg';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Ending } from './domain/delivery.ts';
import { countUnended } from './store/overview.ts';

export type NotifierMeasure = { ended: (ending: Ending) => void };

/** What is waiting, and how deliveries end. */
export function measureNotifier(registry: Registry, pool: Pool): NotifierMeasure {
  const registers = [registry];
  const ended = new Counter({
    name: 'lingquan_deliveries_ended_total',
    help: 'Deliveries that ended, by how: delivered, or why they were given up',
    labelNames: ['ending'],
    registers,
  });
  const oldest = new Gauge({
    name: 'lingquan_delivery_oldest_due_seconds',
    help: 'For how long the longest due delivery has been due',
    registers,
  });
  const unended = new Gauge({
    name: 'lingquan_deliveries',
    help: 'Deliveries that have not ended, by state',
    labelNames: ['state'],
    registers,
    collect: async () => {
      try {
        const { due, sending, oldestDueAt } = await countUnended(pool);
        unended.set({ state: 'due' }, due);
        unended.set({ state: 'sending' }, sending);
        oldest.set(oldestDueAt === undefined ? 0 : (Date.now() - oldestDueAt.getTime()) / 1000);
      } catch {
        unended.reset(); // while the store is away the other metrics are still worth having
      }
    },
  });
  return { ended: (ending) => ended.inc({ ending: ending.kind === 'delivered' ? 'delivered' : ending.reason }) };
}
