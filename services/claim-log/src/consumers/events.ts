import { codeOf } from '@lingquan/errors';
import { deadLetter } from '@lingquan/exactly-once';
import type { Decide } from '@lingquan/exactly-once';
import type { OutgoingRecord, PartitionBatch } from '@lingquan/kafka';
import type { Log } from '@lingquan/log';
import { readEvent } from '../domain/logged-event.ts';
import type { LoggedEvent } from '../domain/logged-event.ts';
import { insertEvents } from '../store/events.ts';
import { LOGGED } from '../store/notices.ts';
import type { Partitions } from '../store/partitions.ts';

type Deps = { topicPrefix: string; partitions: Partitions; log: Log };

/** Reads a round of coupon and payment events and writes it down with one statement. What cannot be read becomes a dead letter, alone. */
export function eventRecorder({ topicPrefix, partitions, log }: Deps): Decide {
  return async (client, batches, last) => {
    const events: LoggedEvent[] = [];
    const publish = batches.map((batch) => readBatch(batch, events, log));
    if (events.length === 0) return publish;
    await partitions.ensure(events.map(({ occurredAtMs }) => occurredAtMs));
    try {
      await insertEvents(client, topicPrefix, events);
    } catch (error) {
      partitions.forget();
      throw error;
    }
    last(client.query(`notify ${LOGGED}`)); // readers of every instance wake when this is committed
    return publish;
  };
}

/** Adds a batch's events to `events`; returns the dead letters. */
function readBatch({ records, topic, partition }: PartitionBatch, events: LoggedEvent[], log: Log): OutgoingRecord[] {
  const dead: OutgoingRecord[] = [];
  for (const record of records) {
    try {
      events.push(readEvent(record));
    } catch (error) {
      if (codeOf(error) !== 'invalid') throw error;
      log.warn({ err: error, topic, partition, offset: record.offset }, 'a record cannot be read; dead letter');
      dead.push(deadLetter(record, error));
    }
  }
  return dead;
}
