import { AppError } from '@lingquan/errors';
import type { Kafka, logCreator } from 'kafkajs';
import type { TopicName } from '../catalogue.ts';
import { openDeadLetterTopic } from './dead-letters.ts';
import { readOptions } from './options.ts';
import type { Settings, SubscribeOptions } from './options.ts';
import { openPositions } from './positions.ts';
import { startReading } from './reading.ts';
import type { Handler, Subscription } from './subscription.ts';

/**
 * Hands the events of these topics to `handler`, each at least once, at its own pace. Resolves when the group is joined and its place is
 * written, before the handler is first called: from then on nothing is missed. Rejects with `invalid` for wrong options, `not_found` when a topic or a dead-letter topic is
 * not there, `unavailable` when no broker answers.
 */
export async function subscribe<T extends TopicName>(
  options: SubscribeOptions<T>,
  handler: Handler<T>,
): Promise<Subscription> {
  const settings = readOptions(options);
  const { default: kafkajs } = await import('kafkajs'); // only whoever subscribes loads it
  const kafka = new kafkajs.Kafka({ ...settings.connection, logLevel: kafkajs.logLevel.ERROR, logCreator: quiet });
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const admin = kafka.admin();
    closers.push(() => admin.disconnect());
    await admin.connect().catch((cause: unknown) => {
      throw new AppError('unavailable', `Kafka does not answer at ${options.brokers.join(', ')}`, { cause });
    });
    requireTopics(await admin.listTopics(), settings);
    const positions = await openPositions(admin, settings);
    const putAside = await openDeadLetters(kafka, settings, closers);
    return await startReading({
      kafka,
      settings,
      positions,
      putAside,
      handler: handler as unknown as Handler,
      closers,
      close,
    });
  } catch (error) {
    await close();
    throw error;
  }
}

async function openDeadLetters(kafka: Kafka, { deadLetters, group }: Settings, closers: (() => Promise<void>)[]) {
  if (deadLetters === undefined || typeof deadLetters === 'function') return deadLetters;
  const opened = await openDeadLetterTopic(kafka, deadLetters.topic, group);
  closers.push(opened.close);
  return opened.put;
}

function requireTopics(existing: string[], { topics, deadLetters }: Settings): void {
  const named = deadLetters === undefined || typeof deadLetters === 'function' ? [] : [deadLetters.topic];
  const missing = [...topics, ...named].filter((topic) => !existing.includes(topic));
  if (missing.length > 0)
    throw new AppError('not_found', `Kafka has no topic ${missing.join(', ')}: is the prefix right (TOPIC_PREFIX)?`);
}

/** kafkajs reports as errors what it then tries again; what it gives up on reaches the subscriber as an error. */
const quiet: logCreator = () => () => {};
