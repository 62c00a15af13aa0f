import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@lingquan/errors';
import kafkajs from 'kafkajs';
import type { Producer as Client } from 'kafkajs';
import type { Connection } from './connection.ts';
import { byTopic, fitting, parcelsOf } from './parcels.ts';
import type { Parcel } from './parcels.ts';
import type { OutgoingRecord } from './records.ts';

const { Partitioners } = kafkajs;

export type Producer = {
  /**
   * Resolves when every in-sync replica has the records. Rejects with `unavailable` at once while no broker answers or the
   * queue is full; a rejection after a time-out is *unknown*, not failed: the records may be in the log.
   * Records of one call, and calls one after the other, keep their order per partition.
   */
  publish: (records: OutgoingRecord[]) => Promise<void>;
  /** Resolves when a broker answers; rejects with `unavailable` when none has by now. */
  ready: () => Promise<void>;
  /** Sends what is queued, then closes. */
  stop: () => Promise<void>;
};

export type ProducerOptions = {
  /** Records that may wait; more are refused. */
  queueMax?: number;
  /**
   * While several publish at once, requests leave at least this far apart, and up to two and a half times as far the more there
   * are, to be fuller: each costs the broker and the readers behind it about the same however full it is. What comes alone
   * leaves at once. Default 0.
   */
  gatherMs?: number;
};

type Waiting = Parcel & { resolve: () => void; reject: (error: Error) => void };

/** How long requests stay apart when the last one brought this many calls' records. */
const gatherFor = (calls: number, leastMs: number): number =>
  calls <= 2 ? 0 : Math.min(Math.max(leastMs, calls / 2), 2.5 * leastMs);

const DOWN = 'kafka does not answer; nothing was taken';

/**
 * A producer that gathers: what is published while a request is under way leaves in the next one. Nothing waits when idle,
 * requests are full under load (kafkajs has no linger of its own, and Kafka costs per request, not per message).
 *
 * After any final send error the idempotent client is thrown away: kafkajs gives its sequence number to the next, different
 * records, which the broker may then take for a repeat and drop.
 */
export function startProducer(
  { client, log, prefix }: Connection,
  { queueMax = 20_000, gatherMs = 0 }: ProducerOptions,
): Producer {
  let producer: Client | undefined;
  let queue: Waiting[] = [];
  let queued = 0;
  let pumping = false;
  let stopping = false;
  const connecting = { done: connect() };

  async function connect(): Promise<void> {
    for (let attempt = 0; !stopping; attempt++) {
      const fresh = client.producer({
        allowAutoTopicCreation: false,
        idempotent: true,
        maxInFlightRequests: 1,
        createPartitioner: Partitioners.DefaultPartitioner,
        retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 200 },
      });
      try {
        await fresh.connect();
        if (attempt > 0) log.info('kafka answers again');
        producer = fresh;
        return;
      } catch (error) {
        if (attempt === 0) log.warn({ err: error }, 'kafka does not answer; trying on');
        await fresh.disconnect().catch(() => undefined); // it never was connected
        await delay(Math.min(100 * 2 ** attempt, 1000));
      }
    }
  }

  const fail = (error: AppError, waiting: Waiting[]) => {
    for (const one of waiting) one.reject(error);
  };

  function replaceClient(error: AppError): void {
    const broken = producer;
    producer = undefined;
    fail(error, queue);
    queue = [];
    queued = 0;
    void broken?.disconnect().catch((cause: unknown) => log.debug({ err: cause }, 'the broken producer did not close'));
    connecting.done = connect();
  }

  const take = (): Waiting[] => {
    const waiting = queue.splice(0, fitting(queue));
    for (const { records } of waiting) queued -= records.length;
    return waiting;
  };

  const enqueue = (parcel: Parcel): Promise<void> =>
    new Promise((resolve, reject) => {
      queue.push({ ...parcel, resolve, reject });
      queued += parcel.records.length;
    });

  async function pump(): Promise<void> {
    while (queue.length > 0 && producer !== undefined) {
      const waiting = take();
      const startedAt = performance.now();
      try {
        await producer.sendBatch({ acks: -1, topicMessages: byTopic(prefix, waiting) });
        for (const one of waiting) one.resolve();
      } catch (cause) {
        const error = new AppError('unavailable', 'kafka did not confirm; the records may or may not be there', {
          cause,
        });
        fail(error, waiting);
        replaceClient(error);
      }
      const gather = gatherFor(waiting.length, gatherMs);
      if (gather > 0) await delay(Math.max(0, gather - (performance.now() - startedAt)));
    }
    pumping = false;
  }

  return {
    publish: async (records) => {
      if (producer === undefined || stopping) throw new AppError('unavailable', DOWN);
      if (queued + records.length > queueMax && queued > 0)
        throw new AppError('unavailable', 'too much is waiting for kafka already');
      const sent = Promise.all(parcelsOf(records).map(enqueue));
      if (!pumping && queue.length > 0) {
        pumping = true;
        setImmediate(() => void pump()); // what the same turn of the event loop publishes leaves together
      }
      await sent;
    },
    ready: async () => {
      if (producer === undefined) throw new AppError('unavailable', 'kafka does not answer');
    },
    stop: async () => {
      stopping = true;
      while (pumping) await new Promise<void>((resolve) => setImmediate(resolve));
      await connecting.done;
      await producer?.disconnect();
    },
  };
}
