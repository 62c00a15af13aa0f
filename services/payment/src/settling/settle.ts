import type { OutgoingRecord } from '@lingquan/kafka';
import type { PoolClient } from 'pg';
import { incidentFound } from '../publish/facts.ts';
import { loadCommands, saveCommands } from '../store/commands.ts';
import { incidentId, saveIncidents } from '../store/incidents.ts';
import { book } from '../store/ledger.ts';
import { loadHolders, lockOrders, orderError, saveOrders } from '../store/orders.ts';
import { loadRefunds, saveRefunds } from '../store/refunds.ts';
import { changeTasks, finishTasks } from '../store/tasks.ts';
import { settleRound, transactionIn } from './round.ts';
import type { Item, Settled, Written } from './round.ts';

export type SettleOptions = {
  /** Our own merchant number. */
  mchid: string;
  /** Refunds of one order are this far apart. */
  refundGapMs: number;
  /** Told what was settled, for counting. */
  onSettled?: (settled: Settled) => void;
};

/** Settles what happened inside a transaction: orders locked by number, everything decided in memory, a few statements to write it. */
export type Settle = (client: PoolClient, items: readonly Item[]) => Promise<OutgoingRecord[][]>;

export function settler({ mchid, refundGapMs, onSettled }: SettleOptions): Settle {
  return async (client, items) => {
    if (items.length === 0) return [];
    const outTradeNos = unique(items.map(({ outTradeNo }) => outTradeNo)).toSorted();
    const outRefundNos = unique(items.flatMap(({ outRefundNo }) => outRefundNo ?? []));
    // Sent together; Postgres runs them in this order, so what is loaded is loaded under the locks.
    const [orders, refunds, commands, holders] = await Promise.all([
      lockOrders(client, outTradeNos),
      loadRefunds(client, outTradeNos, outRefundNos),
      loadCommands(
        client,
        items.map(({ cause }) => cause.id),
        outTradeNos,
      ),
      loadHolders(client, unique(items.flatMap(({ happening }) => transactionIn(happening) ?? []))),
    ]);
    const at = { nowMs: Date.now(), random: Math.random, ownMchid: mchid, refundGapMs };
    const settled = settleRound({ orders, refunds, commands, holders }, items, at);
    const fresh = await write(client, settled.written).catch((error: unknown) => {
      throw orderError(error);
    });
    onSettled?.(settled);
    return settled.records.map((records, place) => [...records, ...incidentRecords(settled, items, place, fresh)]);
  };
}

const unique = (texts: string[]): string[] => [...new Set(texts)];

/** Writes what a round came to; resolves with the ids of incidents that were not known. */
async function write(client: PoolClient, written: Written): Promise<Set<string>> {
  const { orders, refunds, commands, bookings, tasks, finished, incidents } = written;
  const some = <T>(rows: T[], save: (client: PoolClient, rows: T[]) => Promise<void>) =>
    rows.length === 0 ? undefined : save(client, rows);
  const [fresh] = await Promise.all([
    incidents.length === 0 ? new Set<string>() : saveIncidents(client, incidents),
    some(orders, saveOrders),
    some(refunds, saveRefunds),
    some(commands, saveCommands),
    some(bookings, book),
    some(finished, finishTasks),
    some(tasks, changeTasks),
  ]);
  return fresh;
}

function incidentRecords(
  { written, orders }: Settled,
  items: readonly Item[],
  place: number,
  fresh: Set<string>,
): OutgoingRecord[] {
  return written.incidents.flatMap(({ incident, item }) => {
    const id = incidentId(incident);
    if (item !== place || !fresh.delete(id)) return [];
    const about = orders.get(incident.outTradeNo) ?? { outTradeNo: incident.outTradeNo };
    return [incidentFound(about, id, incident.kind, items[place]!.cause)];
  });
}
