import type { Pool } from 'pg';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Settled } from './settling/round.ts';
import { loadOverview } from './store/overview.ts';

export type PaymentMeasure = {
  settled: (settled: Settled) => void;
  /** Which certificates there are, and when each ends. */
  certificates: (all: readonly { of: 'platform' | 'merchant'; serialNo: string; expiresAtMs: number }[]) => void;
};

const DAY_MS = 24 * 3_600_000;

/** What is under way, and how orders and refunds end. */
export function measurePayment(registry: Registry, pool: Pool): PaymentMeasure {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['state'], registers });
  const facts = new Counter({
    name: 'lingquan_payment_facts_total',
    help: 'What became of orders and refunds, by the fact that was said',
    labelNames: ['fact'],
    registers,
  });
  const incidentsFound = new Counter({
    name: 'lingquan_incidents_total',
    help: 'Incidents seen, repeats included, by kind',
    labelNames: ['kind'],
    registers,
  });
  const openOrders = gauge('lingquan_orders_open', 'Orders that are not at their end, by state');
  const openRefunds = gauge('lingquan_refunds_open', 'Refunds on their way, by state');
  const oldestDue = new Gauge({
    name: 'lingquan_call_oldest_due_seconds',
    help: 'For how long the longest due call has been due',
    registers,
  });
  const certificates = new Gauge({
    name: 'lingquan_certificate_days',
    help: 'Days until a certificate ends, by whose it is and its serial number',
    labelNames: ['of', 'serial_no'],
    registers,
  });
  const openIncidents = new Gauge({
    name: 'lingquan_incidents_open',
    help: 'Incidents that wait for a person',
    registers,
    collect: async () => {
      try {
        const { open, refunds: onTheirWay, incidents, oldestDueSeconds } = await loadOverview(pool);
        for (const state of ['locking', 'unpaid', 'closing']) openOrders.set({ state }, open[state] ?? 0);
        for (const state of ['requested', 'processing', 'abnormal']) openRefunds.set({ state }, onTheirWay[state] ?? 0);
        oldestDue.set(oldestDueSeconds);
        openIncidents.set(incidents);
      } catch {
        openOrders.reset(); // while the store is away the other metrics are still worth having
        openRefunds.reset();
      }
    },
  });
  return {
    settled: ({ written, facts: said }) => {
      for (const fact of said) facts.inc({ fact });
      for (const { incident } of written.incidents) incidentsFound.inc({ kind: incident.kind });
    },
    certificates: (all) => {
      certificates.reset(); // those that were withdrawn are gone
      for (const { of, serialNo, expiresAtMs } of all)
        certificates.set({ of, serial_no: serialNo }, (expiresAtMs - Date.now()) / DAY_MS);
    },
  };
}
