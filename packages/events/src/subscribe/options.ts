import { AppError } from '@lingquan/errors';
import type { KafkaConfig } from 'kafkajs';
import type { TopicName } from '../catalogue.ts';
import { isTopic } from '../decode-event.ts';
import type { DeadLetters } from './dead-letters.ts';
import { readFrom } from './from.ts';
import type { From, Start } from './from.ts';

export type SubscribeOptions<T extends TopicName> = {
  /** `host:port` of one or more brokers. */
  brokers: readonly string[];
  /** What else kafkajs takes to connect: `ssl`, `sasl`, `clientId` and the like. */
  kafka?: Omit<KafkaConfig, 'brokers' | 'logCreator' | 'logLevel'>;
  /** Topics without the system's prefix, such as `['coupon.events', 'payment.events']`. */
  topics: readonly T[];
  /** The consumer group. Subscribers of one group share the partitions; the group's place is kept by Kafka. */
  group: string;
  /** The system's prefix (TOPIC_PREFIX): begins the names of topics, of the group and of a dead-letter topic. */
  prefix?: string;
  /**
   * Where a group begins that has no place yet: every event there is (`beginning`, the default), what is published from now on, what was
   * published at or after an instant (a Date, or ISO 8601 with Z or an offset), or offsets by topic and partition. A group that has been
   * here goes on where it was; give it another name to read again.
   */
  from?: From<T>;
  /** Events handed over at one time, at most. Default 500. */
  batchMax?: number;
  /**
   * How long one call of the handler may take, in milliseconds; meanwhile the subscriber keeps its place in the group. Longer, and the
   * subscription ends with an error. Default 5 minutes.
   */
  handlerTimeoutMs?: number;
  /** How often a batch, and then each event of it, is given to a handler that throws. Default 3. */
  attempts?: number;
  /**
   * Where events go that cannot be decoded, or that the handler throws on: a topic (without the prefix, which must be there) or a function.
   * Without it such an event ends the subscription with an error; nothing is skipped.
   */
  deadLetters?: DeadLetters;
  /**
   * Called when events are gone that the group had not read: the topic keeps them no longer. The subscription then goes on with the oldest
   * there is. Without it the subscription ends with an error.
   */
  onLost?: (lost: LostEvents) => void;
  /** How long Kafka waits for a killed subscriber before another gets its partitions. Default 10 s; brokers allow 6 s to 30 min. */
  sessionTimeoutMs?: number;
  /** Where notices for people go: a retry, a lost broker. Default: standard error. */
  log?: (notice: string) => void;
};

/** Offsets `from` up to but without `to` are not there any more. */
export type LostEvents = { topic: TopicName; partition: number; from: number; to: number };

/** The options, checked, with what was left out. Topics, group and dead letters with the prefix. */
export type Settings = {
  connection: KafkaConfig;
  prefix: string;
  topics: string[];
  group: string;
  start: Start;
  batchMax: number;
  handlerTimeoutMs: number;
  attempts: number;
  deadLetters: DeadLetters | undefined;
  onLost: ((lost: LostEvents) => void) | undefined;
  sessionTimeoutMs: number;
  log: (notice: string) => void;
};

/** Throws `invalid`, naming the option, when one is not what it should be. */
export function readOptions<T extends TopicName>(options: SubscribeOptions<T>): Settings {
  const { brokers, kafka, topics, group, prefix = '', from = 'beginning', deadLetters } = options;
  if (!Array.isArray(brokers) || brokers.length === 0) throw bad('brokers', 'a list of host:port');
  if (!Array.isArray(topics) || topics.length === 0) throw bad('topics', 'a list of topics');
  for (const topic of topics as readonly string[])
    if (!isTopic(topic)) throw bad('topics', `topics of this system, without its prefix; ${topic} is none`);
  if (typeof group !== 'string' || group === '') throw bad('group', 'the name of the consumer group');
  return {
    connection: { clientId: group, ...kafka, brokers: [...brokers] },
    prefix,
    topics: topics.map((topic) => prefix + topic),
    group: prefix + group,
    start: readFrom(from, prefix, topics),
    batchMax: atLeast(1, 'batchMax', options.batchMax ?? 500),
    handlerTimeoutMs: atLeast(1000, 'handlerTimeoutMs', options.handlerTimeoutMs ?? 300_000),
    attempts: atLeast(1, 'attempts', options.attempts ?? 3),
    deadLetters:
      typeof deadLetters === 'function' || deadLetters === undefined ? deadLetters : withPrefix(deadLetters, prefix),
    onLost: options.onLost,
    sessionTimeoutMs: atLeast(1000, 'sessionTimeoutMs', options.sessionTimeoutMs ?? 10_000),
    log: options.log ?? ((notice) => process.stderr.write(`[${group}] ${notice}\n`)),
  };
}

function withPrefix({ topic }: { topic: string }, prefix: string): { topic: string } {
  if (typeof topic !== 'string' || topic === '') throw bad('deadLetters', '{ topic } or a function');
  return { topic: prefix + topic };
}

function atLeast(min: number, name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < min) throw bad(name, `a whole number, ${min} or more`);
  return value;
}

const bad = (name: string, what: string): AppError => new AppError('invalid', `${name} must be ${what}`);
