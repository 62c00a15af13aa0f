// 用别的 Kafka 客户端读，只借用解码 · another Kafka client reads, this package only decodes
//   node_modules/.bin/node packages/events/examples/other-client.mjs
// kafkajs by itself stands for it here; decodeEvent takes the records of any client (headers as object, Map or list).
import { validate } from '@lingquan/events/public.ts';
import kafkajs from 'kafkajs';
import { findSystem } from './system.mjs';

const { brokers, prefix } = findSystem();
const consumer = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).consumer({
  groupId: `${prefix}other-client-${process.pid}`,
  maxWaitTimeInMs: 200,
});
await consumer.connect();
await consumer.subscribe({ topics: [`${prefix}coupon.events`], fromBeginning: true });
await consumer.run({
  eachMessage: async ({ topic, partition, message }) => {
    const found = validate({ topic, partition, ...message }, { prefix });
    if (!found.ok) return console.log(`不是事件 no event: ${found.reason}`);
    const { type, time, id } = found.event;
    console.log(`${time.toISOString()} ${type} ${id}`);
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void consumer.disconnect());
