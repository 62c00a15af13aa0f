import { randomUUID } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import type { Admin, EachBatchPayload } from 'kafkajs';
import type { Connection } from './connection.ts';
import { toBatch } from './records.ts';
import type { TimedBatch } from './records.ts';

export type TopicEnds = { partition: number; low: number; high: number }[];

/** Part of one partition: offsets from `from` up to, not including, `to`. The topic is named without the system's prefix. */
export type OffsetRange = { topic: string; partition: number; from: number; to: number };

/** Batches of one partition come in offset order, one batch at a time over all partitions. */
export type OnBatch = (batch: TimedBatch) => void | Promise<void>;

const SILENCE_MS = 15_000;

const keyOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`;

/**
 * Reads these ranges, at most one of each partition, and leaves nothing behind: kafkajs reads only as a group, so this one is made for
 * the occasion, keeps no offsets and is removed. Rejects with what `onBatch` throws, with `unavailable` when nothing comes for 15 s.
 */
export async function readRanges(
  { client, prefix, log }: Connection,
  admin: Admin,
  ranges: OffsetRange[],
  onBatch: OnBatch,
): Promise<void> {
  const unread = new Map(ranges.filter(({ from, to }) => from < to).map((range) => [keyOf(range), range]));
  if (unread.size === 0) return;
  const wanted = [...unread.values()];
  const names = [...new Set(wanted.map(({ topic }) => topic))];
  const groupId = `${prefix}read-${randomUUID()}`;
  const consumer = client.consumer({
    groupId,
    maxWaitTimeInMs: 100,
    maxBytesPerPartition: 1024 * 1024,
    allowAutoTopicCreation: false,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 1000 },
  });
  const done = Promise.withResolvers<void>();
  const silence = setTimeout(
    () => done.reject(new AppError('unavailable', `nothing more comes of ${names.join(', ')}: does kafka answer?`)),
    SILENCE_MS,
  );
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart)
      done.reject(new AppError('unavailable', `cannot read ${names.join(', ')}`, { cause: payload.error }));
  });

  const take = async (payload: EachBatchPayload): Promise<void> => {
    silence.refresh();
    const batch = toBatch(prefix, payload.batch);
    const range = unread.get(keyOf(batch));
    if (range === undefined) {
      // Written after the reading began, or a partition nobody asked for: no need to fetch more of it.
      consumer.pause([{ topic: payload.batch.topic, partitions: [batch.partition] }]);
      return;
    }
    const records = batch.records.filter(({ offset }) => offset >= range.from && offset < range.to);
    if (records.length > 0) await onBatch({ ...batch, records });
    const { offset: last } = batch.records.at(-1)!;
    if (last >= range.to - 1) unread.delete(keyOf(batch));
    else if (last >= range.from) unread.set(keyOf(batch), { ...range, from: last + 1 }); // a fetch from before the seek may come
    payload.resolveOffset(payload.batch.lastOffset());
    await payload.heartbeat();
    silence.refresh();
    if (unread.size === 0) done.resolve();
  };

  try {
    await consumer.connect();
    await consumer.subscribe({ topics: names.map((topic) => prefix + topic), fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => take(payload).catch(done.reject), // a throw would only make kafkajs try again
    });
    for (const { topic, partition, from } of wanted)
      if (from > 0) consumer.seek({ topic: prefix + topic, partition, offset: String(from) });
    await done.promise;
  } finally {
    clearTimeout(silence);
    await consumer.disconnect();
    // A group that never joined is not there; one that cannot be removed now is by the broker, being empty.
    await admin.deleteGroups([groupId]).catch((error: unknown) => log.debug({ err: error }, 'the group stays for now'));
  }
}
