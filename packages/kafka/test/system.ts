import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createLog } from '@lingquan/log';
import { connectKafka } from '../src/index.ts';
import type { Kafka, OutgoingRecord } from '../src/index.ts';

/** The brokers `npm test` says to use. (The test kit stands on this package, so it cannot be used here.) */
export const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
export const log = createLog({ service: 'test', level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });

/** A topic of its own, removed by `await using`; `connect` opens further connections, through another address if given. */
export async function topicSystem(name: string, partitions: number) {
  const topicPrefix = `t-${name}-${randomBytes(4).toString('hex')}.`;
  const opened: Kafka[] = [];
  const connect = (addresses = brokers): Kafka => {
    const kafka = connectKafka({ brokers: addresses, clientId: 'test', log, topicPrefix });
    opened.push(kafka);
    return kafka;
  };
  const kafka = connect();
  await kafka.ensureTopics([{ name, partitions }]);
  return {
    topic: name,
    kafka,
    connect,
    /** The values the topic holds, by partition, then by offset. */
    values: async (): Promise<string[]> => {
      const values = new Map<number, string[]>();
      await kafka.read(name, ({ partition, records }) => {
        const list = values.get(partition) ?? values.set(partition, []).get(partition)!;
        list.push(...records.map(({ value }) => String(value)));
      });
      return [...values].toSorted(([a], [b]) => a - b).flatMap(([, list]) => list);
    },
    [Symbol.asyncDispose]: async () => {
      await kafka.removeTopics();
      for (const one of opened) await one.close().catch(() => undefined); // one behind a cut connection cannot say goodbye
    },
  };
}

export const record = (topic: string, value: string, key = 'k'): OutgoingRecord => ({
  topic,
  key,
  value: Buffer.from(value),
  headers: {},
});

/** Resolves once `check` holds; rejects after `deadlineMs`. */
export async function until(check: () => boolean | Promise<boolean>, what: string, deadlineMs = 20_000): Promise<void> {
  for (const end = Date.now() + deadlineMs; Date.now() < end; await delay(20)) if (await check()) return;
  throw new Error(`not within ${deadlineMs} ms: ${what}`);
}

/** Whether a promise is kept, for conditions to wait for. */
export const kept = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );
