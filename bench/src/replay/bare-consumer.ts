import { topics } from '@lingquan/events';
import type { OutgoingRecord } from '@lingquan/kafka';
import { openRecording } from '@lingquan/recording';
import { isolate, until } from '@lingquan/test-kit';
import kafkajs from 'kafkajs';
import type { Servers } from '../servers.ts';

const { Kafka, logLevel } = kafkajs;
const { name } = topics.wechatInbound;

/** Puts pushes of the recording on a topic, and tells how many a second a bare kafkajs consumer takes from it, looking at none. */
export async function consumeBare(servers: Servers, file: string, count: number): Promise<number> {
  const isolated = isolate('bench-replay');
  await using opened = new AsyncDisposableStack();
  opened.defer(() => isolated.remove());
  await isolated.kafka.ensureTopics([topics.wechatInbound]);
  const producer = opened.adopt(isolated.kafka.producer(), (one) => one.stop());
  await until(() => producer.ready().then(() => true), 'the producer is connected');
  await using recording = await openRecording(file);
  let sent = 0;
  for await (const batch of recording.read({ topics: [name] })) {
    const records = batch.map(({ topic, partition, key, value, headers }): OutgoingRecord => ({
      topic,
      partition,
      key: key!,
      value: value!,
      headers: headers as OutgoingRecord['headers'],
    }));
    await producer.publish(records);
    if ((sent += batch.length) >= count) break;
  }
  const brokers = servers.addresses['KAFKA_BROKERS']!.split(',');
  const client = new Kafka({ brokers, logLevel: logLevel.ERROR });
  const consumer = client.consumer({ groupId: `${isolated.prefix}bare`, maxWaitTimeInMs: 100 });
  opened.defer(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topics: [isolated.prefix + name], fromBeginning: true });
  let [taken, firstAt] = [0, 0];
  const done = Promise.withResolvers<number>();
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      firstAt ||= performance.now(); // joining the group is not reading
      taken += batch.messages.length;
      if (taken >= sent) done.resolve((1000 * sent) / (performance.now() - firstAt));
    },
  });
  return await done.promise; // before the consumer goes
}
