import { AppError } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import kafkajs from 'kafkajs';
import type { Kafka as Client } from 'kafkajs';
import type { Connection } from './connection.ts';
import { startConsumer } from './consumer.ts';
import type { Consumer, ConsumerOptions } from './consumer.ts';
import { logToOurs } from './logging.ts';
import { startProducer } from './producer.ts';
import type { Producer, ProducerOptions } from './producer.ts';
import { readRanges } from './read-topic.ts';
import type { OffsetRange, OnBatch, TopicEnds } from './read-topic.ts';
import { ensureTopics } from './topics.ts';
import type { TopicToMake } from './topics.ts';

export type KafkaOptions = { brokers: string[]; clientId: string; log: Log; topicPrefix?: string };

export type Kafka = {
  /** Opens a producer; resolves at once, and publishes as soon as a broker is there. */
  producer: (options?: ProducerOptions) => Producer;
  /** Joins `group` and hands out rounds of batches. Resolves when the group is joined. */
  consume: (options: ConsumerOptions) => Promise<Consumer>;
  /** Makes the topics that are not there yet; resolves when they can be written to. */
  ensureTopics: (topics: TopicToMake[]) => Promise<void>;
  /** The first and the next offset of every partition of a topic, in partition order. */
  offsets: (topic: string) => Promise<TopicEnds>;
  /**
   * Hands out every record a topic holds at this moment, as the topic stands (`ends`: up to there instead). Joins a group made for
   * the occasion and removes it.
   */
  read: (topic: string, onBatch: OnBatch, ends?: TopicEnds) => Promise<void>;
  /** The same for parts of several topics at once. */
  readRanges: (ranges: OffsetRange[], onBatch: OnBatch) => Promise<void>;
  /** The first offset written at or after an instant, of every partition of a topic in partition order; the next offset where there is none. */
  offsetsAt: (topic: string, timeMs: number) => Promise<{ partition: number; offset: number }[]>;
  /** The topics there are of this system, without its prefix. */
  topicNames: () => Promise<string[]>;
  /** Removes every topic of this system; refused without a prefix, where that would be everybody's. */
  removeTopics: () => Promise<void>;
  close: () => Promise<void>;
};

const { Kafka: KafkaClient, logLevel } = kafkajs;

/**
 * The only door to Kafka: nothing else imports kafkajs (frozen since 2023), so that it can be swapped.
 * Every call fails with `unavailable` within about 2 s when no broker answers, so that callers decide about waiting.
 */
export function connectKafka({ brokers, clientId, log, topicPrefix = '' }: KafkaOptions): Kafka {
  const kafka = new KafkaClient({
    brokers,
    clientId,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 200 },
    logLevel: logLevel.INFO,
    logCreator: logToOurs(log),
  });
  const connection: Connection = { client: kafka, log, prefix: topicPrefix };
  const admin = openAdmin(kafka);
  const offsets = async (topic: string): Promise<TopicEnds> => {
    const client = await admin.use();
    const partitions = await client.fetchTopicOffsets(topicPrefix + topic).catch(unavailable('cannot read offsets'));
    return partitions
      .map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }))
      .toSorted((a, b) => a.partition - b.partition);
  };
  return {
    producer: (options = {}) => startProducer(connection, options),
    consume: (options) => startConsumer(connection, options),
    ensureTopics: async (topics) => ensureTopics(await admin.use(), topicPrefix, topics),
    offsets,
    read: async (topic, onBatch, ends) => {
      const ranges = (ends ?? (await offsets(topic))).map(({ partition, low, high }) => ({
        topic,
        partition,
        from: low,
        to: high,
      }));
      await readRanges(connection, await admin.use(), ranges, onBatch);
    },
    readRanges: async (ranges, onBatch) => readRanges(connection, await admin.use(), ranges, onBatch),
    offsetsAt: async (topic, timeMs) => {
      const client = await admin.use();
      const found = await client
        .fetchTopicOffsetsByTimestamp(topicPrefix + topic, timeMs)
        .catch(unavailable('cannot read offsets'));
      return found
        .map(({ partition, offset }) => ({ partition, offset: Number(offset) }))
        .toSorted((a, b) => a.partition - b.partition);
    },
    topicNames: async () => {
      const client = await admin.use();
      const names = await client.listTopics().catch(unavailable('cannot list topics'));
      return names.flatMap((name) => (name.startsWith(topicPrefix) ? [name.slice(topicPrefix.length)] : []));
    },
    removeTopics: async () => {
      if (topicPrefix === '') throw new AppError('invalid', 'only a system set apart by a prefix can be removed');
      const client = await admin.use();
      const own = (await client.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
      if (own.length > 0) await client.deleteTopics({ topics: own });
    },
    close: () => admin.close(),
  };
}

export const unavailable =
  (message: string) =>
  (cause: unknown): never => {
    throw new AppError('unavailable', message, { cause });
  };

/** One admin client, connected on first use. */
function openAdmin(client: Client) {
  const admin = client.admin({ retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 1000 } });
  let connected: Promise<void> | undefined;
  return {
    use: async () => {
      connected ??= admin.connect().catch((error: unknown) => {
        connected = undefined;
        return unavailable('kafka does not answer')(error);
      });
      await connected;
      return admin;
    },
    close: async () => {
      if (connected !== undefined) await admin.disconnect();
    },
  };
}
