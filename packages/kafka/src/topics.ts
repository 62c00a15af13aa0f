import { AppError } from '@lingquan/errors';
import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';

/** A topic as it should be when it is not there yet; the broker's default replication. */
export type TopicToMake = { name: string; partitions: number; config?: Readonly<Record<string, string>> };

const { KafkaJSAggregateError, KafkaJSProtocolError } = kafkajs;

/** Safe to call from several processes at once: whoever comes second finds the topic made. */
export async function ensureTopics(admin: Admin, prefix: string, topics: TopicToMake[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !existing.has(prefix + topic.name));
  if (missing.length === 0) return;
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions, config = {} }) => ({
        topic: prefix + name,
        numPartitions: partitions,
        replicationFactor: -1,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    });
  } catch (cause) {
    if (!alreadyMade(cause)) throw new AppError('unavailable', 'cannot make topics', { cause });
  }
}

const alreadyMade = (error: unknown): boolean => {
  const errors: unknown[] = error instanceof KafkaJSAggregateError ? error.errors : [error];
  return errors.every((one) => one instanceof KafkaJSProtocolError && one.type === 'TOPIC_ALREADY_EXISTS');
};
