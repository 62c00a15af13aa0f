import { AppError } from '@lingquan/errors';
import { PositionGap } from '@lingquan/kafka';
import type { OutgoingRecord, PartitionBatch } from '@lingquan/kafka';
import type { PoolClient } from 'pg';
import { packRecords } from './outbox-content.ts';

/** A batch and what it has to say to Kafka. */
export type DecidedBatch = { batch: PartitionBatch; publish: OutgoingRecord[] };

type PositionRow = { topic: string; partition: number; next_offset: string };

const keyOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`;

/**
 * Locks the positions of these batches and drops what was taken before. Whoever lost a partition waits here for the new
 * owner's transaction and then finds nothing left to do: that is the fence. Throws PositionGap when records are missing
 * between the position and the batch.
 */
export async function lockPositions(client: PoolClient, batches: PartitionBatch[]): Promise<PartitionBatch[]> {
  const { rows } = await client.query<PositionRow>({
    name: 'position-lock',
    text: `select topic, partition, next_offset from position
           where (topic, partition) in (select * from unnest($1::text[], $2::int[]))
           order by topic, partition for update`,
    values: [batches.map(({ topic }) => topic), batches.map(({ partition }) => partition)],
  });
  const positions = new Map(rows.map((row) => [keyOf(row), Number(row.next_offset)]));
  return batches.flatMap((batch) => {
    const expected = positions.get(keyOf(batch));
    if (expected === undefined)
      throw new AppError('internal', `no position is kept for ${keyOf(batch)}; start the service again`);
    const records = batch.records.filter(({ offset }) => offset >= expected);
    if (records.length > 0 && records[0]!.offset > expected)
      throw new PositionGap(batch.topic, batch.partition, expected);
    return records.length === 0 ? [] : [{ ...batch, records }];
  });
}

const firstOffset = ({ records }: PartitionBatch) => records[0]!.offset;
const lastOffset = ({ records }: PartitionBatch) => records.at(-1)!.offset;

/** An outbox row's columns, in the order of the statement below. */
export const outboxRow = ({ batch, publish }: DecidedBatch) =>
  [batch.topic, batch.partition, firstOffset(batch), lastOffset(batch), packRecords(publish)] as const;

/**
 * Moves the positions past these batches and writes their outbox rows, numbered in the order of `decided`: the journal's
 * order, because every lock is held by now. With `everyBatch` a batch that says nothing gets a row too (it is journalled).
 */
export async function settleBatches(client: PoolClient, decided: DecidedBatch[], everyBatch: boolean): Promise<void> {
  const rows = decided.filter(({ publish }) => everyBatch || publish.length > 0).map(outboxRow);
  await client.query({
    name: 'batch-settle',
    text: `with moved as (
             update position p set next_offset = n.next_offset
             from unnest($1::text[], $2::int[], $3::bigint[]) as n (topic, partition, next_offset)
             where p.topic = n.topic and p.partition = n.partition)
           insert into outbox (topic, partition, first_offset, last_offset, content)
           select r.topic, r.partition, r.first_offset, r.last_offset, r.content
           from unnest($4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::bytea[]) with ordinality
             as r (topic, partition, first_offset, last_offset, content, place)
           order by place`,
    values: [
      decided.map(({ batch }) => batch.topic),
      decided.map(({ batch }) => batch.partition),
      decided.map(({ batch }) => lastOffset(batch) + 1),
      ...[0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column as 0])),
    ],
  });
}
