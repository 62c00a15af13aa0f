import { deadLetter } from '@lingquan/exactly-once';
import type { Decide } from '@lingquan/exactly-once';
import type { IncomingRecord, OutgoingRecord } from '@lingquan/kafka';
import type { Log } from '@lingquan/log';
import type { Asked } from '../domain/delivery.ts';
import { saveDue } from '../store/deliveries.ts';
import { askedBy } from './asked.ts';

/** Takes a round: whoever is to be told gets a row, one per push however often it is asked for. Sending comes after the commit. */
export function deliveryTaker(log: Log): Decide {
  return async (client, batches) => {
    const asked: Asked[] = [];
    const published = batches.map(({ records }) => records.flatMap((record) => takeOne(record, asked, log)));
    await saveDue(client, asked);
    return published;
  };
}

function takeOne(record: IncomingRecord, asked: Asked[], log: Log): OutgoingRecord[] {
  try {
    const one = askedBy(record);
    if (one !== undefined) asked.push(one);
    return [];
  } catch (error) {
    const { topic, partition, offset } = record;
    log.error({ err: error, topic, partition, offset }, 'a record cannot be read; dead letter');
    return [deadLetter(record, error)];
  }
}
