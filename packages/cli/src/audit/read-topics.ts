import { decode, envelopeOf, outcomeId, topics } from '@lingquan/events';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import { messageOf } from '@lingquan/errors';
import type { IncomingRecord, Kafka, TopicEnds } from '@lingquan/kafka';
import type { Ends } from './caught-up.ts';
import { auditEventOf } from './event.ts';
import { startJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { startLedger } from './ledger.ts';
import { paymentFactOf, startPayments } from './payments.ts';
import type { Payments } from './payments.ts';
import type { Ledger } from './ledger.ts';
import { placeOf } from './place.ts';
import type { Turn } from './promises.ts';

export type OnRead = (topic: string, done: number, of: number) => void;

const sizeOf = (ends: TopicEnds): number => ends.reduce((sum, { low, high }) => sum + high - low, 0);

async function readEach(
  kafka: Kafka,
  topic: string,
  ends: TopicEnds,
  onRead: OnRead,
  take: (record: IncomingRecord) => void,
): Promise<void> {
  let done = 0;
  await kafka.read(
    topic,
    ({ records }) => {
      for (const record of records) take(record);
      done += records.length;
      onRead(topic, done, sizeOf(ends));
    },
    ends,
  );
}

/** Reads coupon.journal. */
export async function readJournal(kafka: Kafka, onRead: OnRead): Promise<Journal> {
  const journal = startJournal();
  const { name } = topics.couponJournal;
  await readEach(kafka, name, await kafka.offsets(name), onRead, ({ value }) => {
    const line = decode(JournalEntrySchema, value);
    journal.take({
      sequence: Number(line.sequence),
      topic: line.topic,
      partition: line.partition,
      first: Number(line.firstOffset),
      last: Number(line.lastOffset),
    });
  });
  journal.close();
  return journal;
}

/** Reads coupon.events into a ledger. */
export async function readLedger(kafka: Kafka, ends: Ends, onRead: OnRead): Promise<Ledger> {
  const ledger = startLedger();
  const { name } = topics.couponEvents;
  await readEach(kafka, name, ends[name]!, onRead, (record) => {
    try {
      ledger.take(auditEventOf(record));
    } catch (error) {
      ledger.unreadable(placeOf(record), messageOf(error));
    }
  });
  return ledger;
}

/** Reads payment.events. */
export async function readPayments(kafka: Kafka, ends: Ends, onRead: OnRead): Promise<Payments> {
  const payments = startPayments();
  const { name } = topics.paymentEvents;
  await readEach(kafka, name, ends[name]!, onRead, (record) => {
    try {
      payments.take(paymentFactOf(record));
    } catch (error) {
      payments.unreadable(placeOf(record), messageOf(error));
    }
  });
  return payments;
}

/**
 * The order of the facts of campaigns that were changed while they ran: each has its cause's place in the journal. Commands and
 * pushes are read only if there is such a campaign.
 */
export async function readTurns(
  kafka: Kafka,
  { journal, ledger, ends }: { journal: Journal; ledger: Ledger; ends: Ends },
  onRead: OnRead,
): Promise<Turn[]> {
  const turns: Turn[] = [];
  if (![...ledger.campaigns.values()].some(({ changes }) => changes.size > 0)) return turns;
  const causes = [
    { topic: topics.couponCommands.name, type: 'campaign.changed' },
    { topic: topics.wechatInbound.name, type: 'coupon.claimed' },
  ];
  for (const { topic, type } of causes)
    await readEach(kafka, topic, ends[topic]!, onRead, (record) => {
      const eventId = outcomeId(envelopeOf(record.headers).id, type);
      const fact = ledger.facts.get(eventId);
      if (fact === undefined || fact.campaign.changes.size === 0) return;
      const sequence = journal.sequenceOf(topic, record.partition, record.offset);
      if (sequence !== undefined) turns.push({ eventId, sequence, offset: record.offset });
    });
  return turns;
}
