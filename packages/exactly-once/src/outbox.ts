import { create, toBinary } from '@bufbuild/protobuf';
import { toHeaders, topics, uuidOf } from '@lingquan/events';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { ClientBase } from 'pg';
import { packRecords, unpackRecords } from './outbox-content.ts';

/** The offsets of one partition that a batch covered. */
export type Span = { topic: string; partition: number; firstOffset: number; lastOffset: number };

/** What one batch, or one change of the store by itself (no span), has to say to Kafka. */
export type Saying = { span: Span | undefined; records: OutgoingRecord[] };

/** A committed outbox row. Rows that touch the same state are numbered in the order in which they really happened. */
export type OutboxRow = Saying & { number: number; decidedAtMs: number };

type Row = {
  number: string;
  topic: string | null;
  partition: number;
  first_offset: string;
  last_offset: string;
  decided_at: Date;
  content: Buffer;
};

/**
 * Writes outbox rows in this transaction, numbered in the order given, and returns them. Call it last: the locks held by
 * then make the numbers true. A statement for each row, travelling together: a parameter of bytes goes as it is, an array of
 * them as text twice as long.
 */
export const enqueue = (client: ClientBase, sayings: Saying[]): Promise<OutboxRow[]> =>
  Promise.all(sayings.map((saying) => enqueueOne(client, saying)));

async function enqueueOne(client: ClientBase, saying: Saying): Promise<OutboxRow> {
  const { span, records } = saying;
  const { rows } = await client.query<{ number: string; decided_at: Date }>({
    name: 'outbox-enqueue',
    text: `insert into outbox (topic, partition, first_offset, last_offset, content) values ($1, $2, $3, $4, $5)
           returning number, decided_at`,
    values: [span?.topic, span?.partition, span?.firstOffset, span?.lastOffset, packRecords(records)],
  });
  return { ...saying, number: Number(rows[0]!.number), decidedAtMs: rows[0]!.decided_at.getTime() };
}

/** The oldest rows, in journal order. */
export async function readOutbox(client: ClientBase, rowsMax: number): Promise<OutboxRow[]> {
  const { rows } = await client.query<Row>({
    name: 'outbox-read',
    text: 'select * from outbox order by number limit $1',
    values: [rowsMax],
  });
  return rows.map((row) => ({
    number: Number(row.number),
    decidedAtMs: row.decided_at.getTime(),
    span:
      row.topic === null
        ? undefined
        : {
            topic: row.topic,
            partition: row.partition,
            firstOffset: Number(row.first_offset),
            lastOffset: Number(row.last_offset),
          },
    records: unpackRecords(row.content),
  }));
}

export async function removeFromOutbox(client: ClientBase, rows: OutboxRow[]): Promise<void> {
  await client.query({
    name: 'outbox-remove',
    text: 'delete from outbox where number = any($1::bigint[])',
    values: [rows.map(({ number }) => number)],
  });
}

/** What a row publishes: its records and, for a journalled store, the batch's place in the order of things. */
export function published(
  { records, span, number, decidedAtMs }: OutboxRow,
  journalSource: string | undefined,
): OutgoingRecord[] {
  if (journalSource === undefined || span === undefined) return records;
  const entry = create(JournalEntrySchema, {
    sequence: BigInt(number),
    topic: span.topic,
    partition: span.partition,
    firstOffset: BigInt(span.firstOffset),
    lastOffset: BigInt(span.lastOffset),
  });
  const id = uuidOf('journal', journalSource, String(number));
  const journal = {
    topic: topics.couponJournal.name,
    partition: 0,
    key: journalSource,
    value: Buffer.from(toBinary(JournalEntrySchema, entry)),
    headers: toHeaders({ id, source: journalSource, type: 'coupon.journal', timeMs: decidedAtMs }),
  };
  return [...records, journal];
}
