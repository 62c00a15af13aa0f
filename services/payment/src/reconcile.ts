import type { Processor } from '@lingquan/exactly-once';
import { uuidOf } from '@lingquan/events';
import type { Pool } from 'pg';
import type { Platform } from './calls/platform.ts';
import { orderTask } from './domain/change.ts';
import type { Incident } from './domain/incident.ts';
import type { Order } from './domain/order.ts';
import { compare } from './domain/reconcile.ts';
import type { Difference, Line } from './domain/reconcile.ts';
import type { Refund } from './domain/refund.ts';
import { beijingDay } from './domain/schedule.ts';
import { incidentFound } from './publish/facts.ts';
import { incidentId, saveIncidents } from './store/incidents.ts';
import { listPaid, loadOrders } from './store/orders.ts';
import { listAccepted, loadRefunds } from './store/refunds.ts';
import { saveReconciliation } from './store/reconciliations.ts';
import type { Reconciliation } from './store/reconciliations.ts';
import { changeTasks } from './store/tasks.ts';

export type ReconcileDeps = { pool: Pool; platform: Platform; say: Processor['say'] };

/** The platform stamps a refund on its own clock: within this much of midnight it may stand in the neighbouring day's bill. */
const MIDNIGHT_MS = 10 * 60_000;

const paymentLine = ({ outTradeNo, transactionId = '', paidFen }: Order): Line => ({
  kind: 'pay',
  outTradeNo,
  transactionId,
  outRefundNo: '',
  fen: paidFen,
});
const refundLine = ({ outTradeNo, outRefundNo, refundFen }: Refund): Line => ({
  kind: 'refund',
  outTradeNo,
  transactionId: '',
  outRefundNo,
  fen: refundFen,
});

/**
 * Fetches the bill of a day (Beijing's, YYYY-MM-DD), compares it with what is booked and keeps the outcome. An order the bill says was
 * paid is asked about at once; sums that differ are incidents. Throws RangeError on what is no date.
 */
export async function reconcile({ pool, platform, say }: ReconcileDeps, date: string): Promise<Reconciliation> {
  const { fromMs, untilMs } = beijingDay(date);
  const bill = await platform.tradeBill(date);
  if (bill.kind === 'failed' || bill.value === 'not_ready') {
    const state = bill.kind === 'failed' ? 'unavailable' : 'not_ready';
    const ran: Reconciliation = { date, state, matched: 0, differences: [] };
    await saveReconciliation(pool, ran);
    return ran;
  }
  const [paid, accepted, ours] = await Promise.all([
    listPaid(pool, fromMs, untilMs),
    listAccepted(pool, fromMs + MIDNIGHT_MS, untilMs - MIDNIGHT_MS),
    booked(pool, bill.value),
  ]);
  const expected = accepted.filter(({ state }) => state !== 'closed'); // whether a bill names those is not documented
  const { matched, differences } = compare(bill.value, ours, [...paid.map(paymentLine), ...expected.map(refundLine)]);
  const ran: Reconciliation = { date, state: 'done', matched, differences };
  await saveReconciliation(pool, ran);
  await follow({ pool, say }, date, differences);
  return ran;
}

/** Everything booked about the orders and refunds a bill names. */
async function booked(pool: Pool, bill: readonly Line[]): Promise<Line[]> {
  const orders = await loadOrders(pool, [...new Set(bill.map(({ outTradeNo }) => outTradeNo))]);
  const refunds = await loadRefunds(
    pool,
    [],
    bill.flatMap(({ outRefundNo }) => (outRefundNo === '' ? [] : [outRefundNo])),
  );
  return [...[...orders.values()].filter(({ state }) => state === 'paid').map(paymentLine), ...refunds.map(refundLine)];
}

/** Does what can be done about differences: asks, or calls a person. */
async function follow({ pool, say }: Pick<ReconcileDeps, 'pool' | 'say'>, date: string, differences: Difference[]) {
  const unpaid = differences.filter(({ kind }) => kind === 'missing_here');
  const unequal = differences.filter(({ kind }) => kind.endsWith('amount_differs') || kind === 'transaction_differs');
  if (unpaid.length + unequal.length === 0) return;
  const nowMs = Date.now();
  const orders = await loadOrders(
    pool,
    [...unpaid, ...unequal].map(({ outTradeNo }) => outTradeNo),
  );
  const cause = { id: uuidOf('reconciliation', date), timeMs: nowMs, traceparent: undefined };
  const found = unequal.map(({ kind, outTradeNo, outRefundNo, ours, theirs }): Incident => {
    const of = `${date} ${outRefundNo ?? ''}`;
    return { kind: 'bill_differs', outTradeNo, outRefundNo, of, evidence: { date, difference: kind, ours, theirs } };
  });
  await say(async (client) => {
    const known = unpaid.filter(({ outTradeNo }) => orders.get(outTradeNo)?.state !== 'paid' && orders.has(outTradeNo));
    if (known.length > 0)
      await changeTasks(
        client,
        known.map((one) => orderTask('query', one, nowMs)),
      );
    if (found.length === 0) return [];
    const fresh = await saveIncidents(
      client,
      found.map((incident) => ({ incident, atMs: nowMs })),
    );
    return found.flatMap((incident) => {
      const id = incidentId(incident);
      const about = orders.get(incident.outTradeNo) ?? { outTradeNo: incident.outTradeNo };
      return fresh.delete(id) ? [incidentFound(about, id, incident.kind, cause)] : [];
    });
  });
}
