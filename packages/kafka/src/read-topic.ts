import { randomUUID } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import type { Admin, EachBatchPayload } from 'kafkajs';
import type { Connection } from './connect.ts';
import { toBatch } from './records.ts';
import type { PartitionBatch } from './records.ts';

export type TopicEnds = { partition: number; low: number; high: number }[];

/** Batches of one partition come in offset order, one batch at a time over all partitions. */
export type OnBatch = (batch: PartitionBatch) => void | Promise<void>;

const SILENCE_MS = 15_000;

/**
 * Reads a topic from its beginning to `ends`, its end when the reading began, and leaves nothing behind: kafkajs reads only as a
 * group, so this one is made for the occasion, keeps no offsets and is removed. Rejects with what `onBatch` throws, with
 * `unavailable` when nothing comes for 15 s.
 */
export async function readTopic(
  { client, prefix, log }: Connection,
  admin: Admin,
  topic: string,
  ends: TopicEnds,
  onBatch: OnBatch,
): Promise<void> {
  const unread = new Map(ends.filter(({ low, high }) => low < high).map(({ partition, high }) => [partition, high]));
  if (unread.size === 0) return;
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
    () => done.reject(new AppError('unavailable', `nothing more comes of ${topic}: does kafka answer?`)),
    SILENCE_MS,
  );
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) done.reject(new AppError('unavailable', `cannot read ${topic}`, { cause: payload.error }));
  });

  const take = async (payload: EachBatchPayload): Promise<void> => {
    silence.refresh();
    const batch = toBatch(prefix, payload.batch);
    const high = unread.get(batch.partition);
    if (high === undefined) return; // written after the reading began
    const records = batch.records.filter(({ offset }) => offset < high);
    if (records.length > 0) await onBatch({ ...batch, records });
    if (batch.records.at(-1)!.offset >= high - 1) unread.delete(batch.partition);
    payload.resolveOffset(payload.batch.lastOffset());
    await payload.heartbeat();
    silence.refresh();
    if (unread.size === 0) done.resolve();
  };

  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [prefix + topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => take(payload).catch(done.reject), // a throw would only make kafkajs try again
    });
    await done.promise;
  } finally {
    clearTimeout(silence);
    await consumer.disconnect();
    // A group that never joined is not there; one that cannot be removed now is by the broker, being empty.
    await admin.deleteGroups([groupId]).catch((error: unknown) => log.debug({ err: error }, 'the group stays for now'));
  }
}
