import { messageOf } from '@lingquan/errors';
import type { IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import type { TopicName } from '../catalogue.ts';
import type { ReceivedHeaders } from '../envelope.ts';

/** A record that cannot be decoded, or that the handler threw on, as it came. */
export type DeadLetter = {
  /** Without the system's prefix. */
  topic: TopicName;
  partition: number;
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: ReceivedHeaders;
  /** Why, in words. */
  reason: string;
  /** What was thrown. */
  error: unknown;
};

/** A topic to write to, without the system's prefix, or a function. What the function throws ends the subscription. */
export type DeadLetters = { topic: string } | ((letter: DeadLetter) => void | Promise<void>);

const REASON_MAX = 1000;

export const letterOf = (
  { key, value, headers, offset }: KafkaMessage,
  { topic, partition }: { topic: TopicName; partition: number },
  error: unknown,
): DeadLetter => ({
  topic,
  partition,
  offset: Number(offset),
  key,
  value,
  headers: headers ?? {},
  reason: messageOf(error).slice(0, REASON_MAX),
  error,
});

/** The record for a dead-letter topic: key, value and headers as they came, and in further headers where it stood and why it is here. */
export const letterRecord = (letter: DeadLetter, group: string) => ({
  key: letter.key ?? `${letter.topic}/${letter.partition}`,
  value: letter.value,
  headers: {
    ...(letter.headers as IHeaders),
    'dlq-topic': letter.topic,
    'dlq-partition': String(letter.partition),
    'dlq-offset': String(letter.offset),
    'dlq-group': group,
    'dlq-reason': letter.reason,
  },
});

/** Opens a dead-letter topic. */
export async function openDeadLetterTopic(kafka: Kafka, topic: string, group: string) {
  // One record at a time, rarely: a plain producer. Tried again after a lost answer it may write a letter twice.
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  return {
    put: async (letter: DeadLetter): Promise<void> => {
      await producer.send({ topic, acks: -1, messages: [letterRecord(letter, group)] });
    },
    close: () => producer.disconnect(),
  };
}
