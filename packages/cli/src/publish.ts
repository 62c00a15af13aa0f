import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@lingquan/errors';
import { toHeaders } from '@lingquan/events';
import { connectKafka } from '@lingquan/kafka';
import type { System } from './system.ts';
import { quietLog } from './system.ts';

/** A command for one of the services. */
export type CommandRecord = { topic: string; key: string; commandId: string; type: string; value: Uint8Array };

const CONNECT_MS = 5000;

/** Puts a command on record; resolves once Kafka has it. Rejects with `unavailable` when Kafka does not answer. */
export async function publishCommand(
  system: System,
  { topic, key, commandId, type, value }: CommandRecord,
): Promise<void> {
  const { kafkaBrokers: brokers, topicPrefix } = system;
  await using opened = new AsyncDisposableStack();
  const kafka = opened.adopt(connectKafka({ brokers, clientId: 'lingquan', log: quietLog(), topicPrefix }), (one) =>
    one.close(),
  );
  const producer = opened.adopt(kafka.producer(), (one) => one.stop());
  await whenConnected(producer.ready, brokers);
  const headers = toHeaders({ id: commandId, source: 'lingquan', type, timeMs: Date.now() });
  await producer.publish([{ topic, key, value: Buffer.from(value), headers }]);
}

async function whenConnected(ready: () => Promise<void>, brokers: string[]): Promise<void> {
  const until = Date.now() + CONNECT_MS;
  for (;;) {
    try {
      return await ready();
    } catch (cause) {
      if (Date.now() > until)
        throw new AppError('unavailable', `Kafka 没有回答 does not answer (${brokers.join(',')}): npm start`, {
          cause,
        });
      await delay(20);
    }
  }
}
