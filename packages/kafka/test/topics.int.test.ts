import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { createLog } from '@lingquan/log';
import { connectKafka } from '../src/index.ts';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const topicPrefix = `t-topics-${randomBytes(4).toString('hex')}.`;
const open = (clientId: string) =>
  connectKafka({ brokers, clientId, log: createLog({ service: 'test', level: 'silent' }), topicPrefix });

const clients = ['one', 'two', 'three', 'four'].map(open);
afterAll(async () => {
  await clients[0]!.removeTopics();
  await Promise.all(clients.map((client) => client.close()));
});

test('processes that make the same topics at once can all use them at once', async () => {
  const topics = Array.from({ length: 8 }, (_, index) => ({ name: `topic-${index}`, partitions: 4 }));
  const ends = clients.map(async (client) => {
    await client.ensureTopics(topics);
    return Promise.all(topics.map(({ name }) => client.offsets(name)));
  });
  for (const seen of await Promise.all(ends))
    for (const partitions of seen) expect(partitions.map(({ high }) => high)).toEqual([0, 0, 0, 0]);
});
