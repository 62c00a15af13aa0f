import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@lingquan/errors';
import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';

/** A topic as it should be when it is not there yet; the broker's default replication. */
export type TopicToMake = { name: string; partitions: number; config?: Readonly<Record<string, string>> };

const { KafkaJSAggregateError, KafkaJSProtocolError } = kafkajs;

const servedWithinMs = 10_000;
const askEveryMs = 50;

/** Safe to call from several processes at once: whoever comes second finds the topic made, and waits as well until it is served. */
export async function ensureTopics(admin: Admin, prefix: string, topics: TopicToMake[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !existing.has(prefix + topic.name));
  if (missing.length > 0) await make(admin, prefix, missing);
  const deadlineAt = Date.now() + servedWithinMs;
  await Promise.all(topics.map(({ name }) => untilServed(admin, prefix + name, deadlineAt)));
}

async function make(admin: Admin, prefix: string, missing: TopicToMake[]): Promise<void> {
  try {
    await admin.createTopics({
      waitForLeaders: false, // it gives up at the first sight of a topic the broker does not know yet; see untilServed
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

/**
 * For some milliseconds after it was made, the broker lists a topic whose partitions it does not lead yet, and refuses what
 * is asked about them ("not the leader", "does not host"). Offsets are known once it does.
 */
async function untilServed(admin: Admin, topic: string, deadlineAt: number): Promise<void> {
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (cause) {
      if (Date.now() >= deadlineAt) throw new AppError('unavailable', `topic ${topic} is not served`, { cause });
    }
    await sleep(askEveryMs);
  }
}

const alreadyMade = (error: unknown): boolean => {
  const errors: unknown[] = error instanceof KafkaJSAggregateError ? error.errors : [error];
  return errors.every((one) => one instanceof KafkaJSProtocolError && one.type === 'TOPIC_ALREADY_EXISTS');
};
