import { setTimeout as delay } from 'node:timers/promises';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { AppError } from '@lingquan/errors';
import { replyAddressOf, toHeaders, topics, uuidOf } from '@lingquan/events';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Reply } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Consumer, IncomingRecord, Kafka, Producer } from '@lingquan/kafka';
import type { Log } from '@lingquan/log';
import type { Metrics } from '../metrics.ts';
import { SOURCE } from '../publish/records.ts';

export type RepliesOptions = {
  kafka: Kafka;
  producer: Producer;
  /** This instance's name: only outcomes addressed to it are its own. */
  instance: string;
  partition: number;
  log: Log;
  metrics: Metrics;
  onReply: (reply: Reply) => void;
  onFatal: (error: Error) => void;
};

export type Replies = {
  /** Whether outcomes arrive here: a record sent by this instance to itself has come back. */
  hears: () => boolean;
  /** Resolves when `hears` is true for the first time. */
  started: Promise<void>;
  /** Rejects with `unavailable` while outcomes would not arrive. */
  ready: () => Promise<void>;
  stop: () => Promise<void>;
};

const AGAIN_MS = 200;

/**
 * Reads this instance's partition of ingress.replies, from now on, in a group of its own; for pushes and asks alike. Begins at once and waits for Kafka as
 * long as it takes: meanwhile the door is open and says 503.
 */
export function startReplies(options: RepliesOptions): Replies {
  const { kafka, producer, instance, log } = options;
  let heardItself = false;
  let stopping = false;
  let consumer: Consumer | undefined;

  const onRecord = (record: IncomingRecord): void => {
    const reply = ownReply(record, options);
    if (reply === undefined) return;
    if (reply.causeId === instance) heardItself = true;
    else options.onReply(reply);
  };

  async function begin(): Promise<void> {
    await makeTopics(kafka, log, () => stopping);
    consumer = await kafka.consume({
      group: `ingress-replies-${instance}`,
      topics: [topics.ingressReplies.name],
      from: 'now',
      onlyPartition: options.partition,
      onRound: async (batches) => {
        for (const { records } of batches) records.forEach(onRecord);
      },
      onPoison: async () => options.metrics.replyUnreadable.inc(),
      onFatal: options.onFatal,
    });
    // "From now" begins somewhat after the group is joined: what is sent in between would be missed.
    while (!heardItself && !stopping) {
      await producer.publish([probe(instance, options.partition)]).catch((error: unknown) => {
        log.debug({ err: error }, 'cannot send to itself yet');
      });
      await delay(AGAIN_MS);
    }
  }

  const started = begin();
  started.catch(options.onFatal);
  return {
    hears: () => heardItself,
    started,
    ready: async () => {
      if (consumer === undefined || !heardItself) throw new AppError('unavailable', 'outcomes cannot be read yet');
      await consumer.ready();
    },
    stop: async () => {
      stopping = true;
      await started.catch(() => undefined); // onFatal has it
      await consumer?.stop();
    },
  };
}

/** Everything ingress writes to, and what it reads. */
const ours = [
  topics.wechatInbound,
  topics.notifierCommands,
  topics.couponCommands,
  topics.paymentCommands,
  topics.paymentNotifications,
  topics.ingressReplies,
];

async function makeTopics(kafka: Kafka, log: Log, isStopping: () => boolean): Promise<void> {
  for (let attempt = 0; !isStopping(); attempt++) {
    try {
      return await kafka.ensureTopics(ours);
    } catch (error) {
      if (attempt === 0) log.warn({ err: error }, 'kafka does not answer; pushes get 503 until it does');
      await delay(AGAIN_MS);
    }
  }
}

/** The reply in a record, or undefined when it is not for this instance or cannot be read. */
function ownReply({ headers, value }: IncomingRecord, { instance, metrics }: RepliesOptions): Reply | undefined {
  if (replyAddressOf(headers)?.instance !== instance) {
    metrics.replyForeign.inc();
    return undefined;
  }
  try {
    return fromBinary(ReplySchema, value ?? new Uint8Array());
  } catch {
    metrics.replyUnreadable.inc(); // whoever waits for it is told by the notifier
    return undefined;
  }
}

/** A reply that names this instance instead of a push. */
function probe(instance: string, partition: number) {
  const envelope = { id: uuidOf('probe', instance), source: SOURCE, type: 'ingress.probe', timeMs: Date.now() };
  return {
    topic: topics.ingressReplies.name,
    partition,
    key: instance,
    value: Buffer.from(toBinary(ReplySchema, create(ReplySchema, { causeId: instance }))),
    headers: toHeaders(envelope, { instance, partition, deadlineMs: 0 }),
  };
}
