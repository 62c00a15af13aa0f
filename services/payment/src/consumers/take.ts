import { topics } from '@lingquan/events';
import { deadLetter } from '@lingquan/exactly-once';
import type { Decide } from '@lingquan/exactly-once';
import type { IncomingRecord, OutgoingRecord } from '@lingquan/kafka';
import type { Log } from '@lingquan/log';
import type { PoolClient } from 'pg';
import { incidentResolved } from '../publish/facts.ts';
import type { Item } from '../settling/round.ts';
import type { Settle } from '../settling/settle.ts';
import { resolveIncidents } from '../store/incidents.ts';
import { loadOrders } from '../store/orders.ts';
import { commandOf } from './commands.ts';
import type { Asked, Resolving } from './commands.ts';
import { notificationOf } from './notifications.ts';

type Read = Asked | { kind: 'nothing' } | { kind: 'dead'; letter: OutgoingRecord };

/** Takes a round: commands first, then what was told. What cannot be read is put aside. */
export function roundTaker(settle: Settle, log: Log): Decide {
  const read = (record: IncomingRecord): Read => {
    try {
      if (record.topic === topics.paymentCommands.name) return commandOf(record);
      const item = notificationOf(record);
      return item === undefined ? { kind: 'nothing' } : { kind: 'item', item };
    } catch (error) {
      const { topic, partition, offset } = record;
      log.error({ err: error, topic, partition, offset }, 'a record cannot be read; dead letter');
      return { kind: 'dead', letter: deadLetter(record, error) };
    }
  };

  return async (client, batches) => {
    const readBatches = batches.map(({ records }) => records.map(read));
    const items: Item[] = [];
    const resolving: Resolving[] = [];
    for (const one of readBatches.flat()) {
      if (one.kind === 'item') items.push(one.item);
      if (one.kind === 'resolve') resolving.push(one.resolving);
    }
    const said = await settle(client, items);
    const resolved = await resolve(client, resolving);
    let next = 0;
    return readBatches.map((batch) =>
      batch.flatMap((one): OutgoingRecord[] => {
        if (one.kind === 'item') return said[next++]!;
        if (one.kind === 'dead') return [one.letter];
        return one.kind === 'resolve' ? (resolved.get(one.resolving) ?? []) : [];
      }),
    );
  };
}

/** Ends incidents; what an operator says of one that is not there or was ended before changes nothing. */
async function resolve(client: PoolClient, resolving: Resolving[]): Promise<Map<Resolving, OutgoingRecord[]>> {
  if (resolving.length === 0) return new Map();
  const ended = await resolveIncidents(
    client,
    resolving.map(({ incidentId, note, cause }) => ({ id: incidentId, note, atMs: cause.timeMs })),
  );
  const orders = await loadOrders(
    client,
    ended.map(({ outTradeNo }) => outTradeNo),
  );
  const open = new Map(ended.map((one) => [one.id, one]));
  return new Map(
    resolving.flatMap((one) => {
      const about = open.get(one.incidentId);
      if (about === undefined || !open.delete(one.incidentId)) return [];
      const order = orders.get(about.outTradeNo) ?? { outTradeNo: about.outTradeNo };
      return [[one, [incidentResolved(order, one.incidentId, one.note, one.cause)]] as const];
    }),
  );
}
