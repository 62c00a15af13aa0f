import { AppError } from '@lingquan/errors';
import type { Kafka } from '@lingquan/kafka';
import type { Pool } from 'pg';

/**
 * Keeps a position for every partition of these topics, new ones at the first record there is. Throws `invalid` when a
 * store and Kafka do not belong together: the topic was made anew (it ends before the store's position), or records the
 * store has not seen were deleted.
 */
export async function preparePositions(pool: Pool, kafka: Kafka, topics: string[]): Promise<void> {
  for (const topic of topics) {
    const now = await kafka.offsets(topic);
    await pool.query(
      `insert into position (topic, partition, next_offset) select $1, * from unnest($2::int[], $3::bigint[]) on conflict do nothing`,
      [topic, now.map(({ partition }) => partition), now.map(({ low }) => low)],
    );
    const { rows } = await pool.query<{ partition: number; next_offset: string }>(
      'select partition, next_offset from position where topic = $1',
      [topic],
    );
    // After the positions: other instances move them meanwhile, never beyond what Kafka holds by then.
    const partitions = await kafka.offsets(topic);
    for (const { partition, next_offset } of rows) {
      const there = partitions.find((one) => one.partition === partition);
      const position = Number(next_offset);
      if (there === undefined || position > there.high)
        throw new AppError(
          'invalid',
          `${topic}[${partition}] ends before offset ${position}, where this store stands: the topic was made anew. Restore the topic, or start with an empty store.`,
        );
      if (position < there.low)
        throw new AppError(
          'invalid',
          `${topic}[${partition}] begins at offset ${there.low}, but this store stands at ${position}: records were deleted before they were read. Restore them, or move the position knowingly.`,
        );
    }
  }
}
