import { AppError } from '@lingquan/errors';
import { PositionGap } from '@lingquan/kafka';
import type { PartitionBatch } from '@lingquan/kafka';
import type { PoolClient } from 'pg';
import type { Span } from './outbox.ts';

type PositionRow = { topic: string; partition: number; next_offset: string };

const keyOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`;

/** A batch came of a partition that was added while the service runs; it passes once the store keeps a position for it. */
export class UnknownPartition extends AppError {
  constructor(partition: string) {
    super('conflict', `no position is kept for ${partition} yet`);
  }
}

/**
 * Locks the positions of these batches and drops what was taken before. Whoever lost a partition waits here for the new
 * owner's transaction and then finds nothing left to do: that is the fence. Throws PositionGap when records are missing
 * between the position and the batch, UnknownPartition when there is no position.
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
    if (expected === undefined) throw new UnknownPartition(keyOf(batch));
    const records = batch.records.filter(({ offset }) => offset >= expected);
    if (records.length > 0 && records[0]!.offset > expected)
      throw new PositionGap(batch.topic, batch.partition, expected);
    return records.length === 0 ? [] : [{ ...batch, records }];
  });
}

/** The offsets a batch covers. */
export const spanOf = ({ topic, partition, records }: PartitionBatch): Span => ({
  topic,
  partition,
  firstOffset: records[0]!.offset,
  lastOffset: records.at(-1)!.offset,
});

/** Moves the positions past these batches. */
export async function movePositions(client: PoolClient, spans: Span[]): Promise<void> {
  await client.query({
    name: 'position-move',
    text: `update position p set next_offset = n.next_offset
           from unnest($1::text[], $2::int[], $3::bigint[]) as n (topic, partition, next_offset)
           where p.topic = n.topic and p.partition = n.partition`,
    values: [
      spans.map(({ topic }) => topic),
      spans.map(({ partition }) => partition),
      spans.map(({ lastOffset }) => lastOffset + 1),
    ],
  });
}
