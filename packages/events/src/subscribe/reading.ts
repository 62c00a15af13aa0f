import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@lingquan/errors';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { DeadLetter } from './dead-letters.ts';
import { deferred } from './deferred.ts';
import type { Settings } from './options.ts';
import type { Place, Positions } from './positions.ts';
import type { Handler, Subscription } from './subscription.ts';
import { takeBatch } from './take-batch.ts';

export type Reading = {
  kafka: Kafka;
  settings: Settings;
  positions: Positions;
  putAside: ((letter: DeadLetter) => void | Promise<void>) | undefined;
  handler: Handler;
  /** What has to be closed at the end, the last opened first. */
  closers: (() => Promise<void>)[];
  close: () => Promise<void>;
};

const HEARTBEAT_MS = 1000;
const SILENCE_MS = 60_000;

/** Joins the group and reads until it is stopped or cannot go on. Resolves when the place of the group is written. */
export async function startReading(reading: Reading): Promise<Subscription> {
  const { kafka, settings, positions, putAside, handler, closers, close } = reading;
  const consumer = kafka.consumer(consumerConfig(settings));
  closers.push(() => consumer.disconnect());
  const end = deferred<void>();
  const firstPlace = deferred<void>();
  /** Nothing is handed over before whoever subscribes has the subscription: his handler may stop it. */
  const begun = deferred<void>();
  const inHandler = new AsyncLocalStorage<true>();
  let settled = firstPlace.promise;
  let heardAt = 0;
  let joined = false;
  let joins = 0;
  let stopping = false;

  const finish = (error?: Error): void => {
    if (stopping) return;
    stopping = true;
    begun.resolve();
    if (error === undefined) close().then(end.resolve, end.reject);
    else
      void close()
        .catch(() => undefined) // the error that came first counts
        .then(() => end.reject(error));
  };
  const fail = (error: unknown): void => {
    const reason = error instanceof Error ? error : new AppError('internal', String(error));
    firstPlace.reject(reason);
    finish(reason);
  };
  firstPlace.promise.catch(() => undefined); // whoever waits for it has it
  end.promise.catch(() => undefined); // `closed` and `stop` have it

  const commit = (places: Place[]) =>
    consumer.commitOffsets(places.map(({ offset, ...place }) => ({ ...place, offset: String(offset) })));

  /** Settles the place after joining. While Kafka is away it tries on, until the group is joined anew. */
  async function settle(assignment: Readonly<Record<string, readonly number[]>>, isCurrent: () => boolean) {
    for (let attempt = 0; isCurrent() && !stopping; attempt++) {
      try {
        return await positions.settle(assignment, commit);
      } catch (error) {
        if (!isKafkaError(error)) return fail(error);
        await delay(Math.min(100 * 2 ** attempt, 5000));
      }
    }
  }

  async function take(payload: EachBatchPayload): Promise<void> {
    try {
      await begun.promise;
      for (let awaited; awaited !== settled;) await (awaited = settled);
      if (stopping) return;
      const { topic, partition } = payload.batch;
      const arrival = await positions.arrived(topic, partition, Number(payload.batch.firstOffset()), commit);
      if (arrival.kind === 'seek') return consumer.seek({ topic, partition, offset: String(arrival.offset) });
      await takeBatch(payload, {
        settings,
        positions,
        putAside,
        isStopping: () => stopping,
        handler: (events, context) => inHandler.run(true, () => handler(events, context)),
      });
    } catch (error) {
      if (isKafkaError(error)) throw error; // kafkajs tries again, or joins again
      fail(error);
    }
  }

  const heard = () => void (heardAt = Date.now());
  consumer.on(consumer.events.HEARTBEAT, heard);
  consumer.on(consumer.events.FETCH, heard);
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    joined = true;
    heard();
    const joining = ++joins;
    settled = settle(payload.memberAssignment, () => joining === joins);
    void settled.then(firstPlace.resolve);
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    joined = false;
    if (stopping) return;
    if (payload.restart) settings.log(`Kafka 断开，正在重连 lost Kafka, trying again: ${payload.error.message}`);
    else fail(new AppError('unavailable', 'the subscription cannot go on', { cause: payload.error }));
  });

  await consumer.connect();
  await consumer.subscribe({ topics: settings.topics, fromBeginning: true });
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: take });
  await firstPlace.promise;
  setImmediate(begun.resolve); // by then the promise of the subscription has reached him
  return {
    closed: end.promise.then(() => undefined),
    healthy: () => joined && Date.now() - heardAt < SILENCE_MS,
    stop: async () => {
      finish();
      if (inHandler.getStore() === undefined) await end.promise;
    },
  };
}

const consumerConfig = ({ group, sessionTimeoutMs, handlerTimeoutMs }: Settings) => ({
  groupId: group,
  sessionTimeout: sessionTimeoutMs,
  rebalanceTimeout: handlerTimeoutMs + sessionTimeoutMs, // whoever is in the handler when the group changes may finish it
  heartbeatInterval: HEARTBEAT_MS,
  maxWaitTimeInMs: 200,
  maxBytesPerPartition: 512 * 1024,
  maxBytes: 4 * 1024 * 1024,
  allowAutoTopicCreation: false,
  retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 5000 },
});

const isKafkaError = (error: unknown): boolean => error instanceof Error && error.name.startsWith('KafkaJS');
