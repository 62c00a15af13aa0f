import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLog } from '@lingquan/log';
import kafkajs from 'kafkajs';
import { connectKafka } from '../src/index.ts';
import type { IncomingRecord } from '../src/index.ts';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const prefix = `t-read-topic-${randomBytes(4).toString('hex')}.`;
const kafka = connectKafka({
  brokers,
  clientId: 'test',
  log: createLog({ service: 'test', level: 'error' }),
  topicPrefix: prefix,
});
const producer = kafka.producer();
const topic = 'numbers';

const publish = (from: number, count: number) =>
  producer.publish(
    Array.from({ length: count }, (_, place) => ({
      topic,
      key: `k${from + place}`,
      value: Buffer.from(String(from + place)),
      headers: {},
    })),
  );

const numbers = (records: IncomingRecord[]) => records.map(({ value }) => Number(value)).toSorted((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

async function readAll(ends?: Awaited<ReturnType<typeof kafka.offsets>>): Promise<IncomingRecord[]> {
  const records: IncomingRecord[] = [];
  await kafka.read(topic, (batch) => void records.push(...batch.records), ends);
  return records;
}

beforeAll(async () => {
  await kafka.ensureTopics([
    { name: topic, partitions: 3 },
    { name: 'empty', partitions: 2 },
  ]);
  while (
    !(await producer.ready().then(
      () => true,
      () => false,
    ))
  )
    await new Promise(setImmediate);
  await publish(0, 1000);
}, 30_000);

afterAll(async () => {
  await producer.stop();
  await kafka.removeTopics();
  await kafka.close();
});

test('every record is handed out once, each partition in its order', async () => {
  const records = await readAll();
  expect(numbers(records)).toEqual(upTo(1000));
  for (const partition of [0, 1, 2]) {
    const offsets = records.filter((one) => one.partition === partition).map(({ offset }) => offset);
    expect(offsets).toEqual(upTo(offsets.length));
  }
}, 30_000);

test('what is written after the end asked for is left out', async () => {
  const ends = await kafka.offsets(topic);
  await publish(1000, 50);
  expect(numbers(await readAll(ends))).toEqual(upTo(1000));
  expect(numbers(await readAll())).toEqual(upTo(1050));
}, 30_000);

test('parts of several topics come from where they begin to where they end, once', async () => {
  await producer.publish(
    upTo(20).map((n) => ({ topic: 'empty', partition: 1, key: 'k', value: Buffer.from(`e${n}`), headers: {} })),
  );
  const got: string[] = [];
  const ranges = [
    { topic, partition: 0, from: 17, to: 203 },
    { topic, partition: 2, from: 5, to: 5 },
    { topic: 'empty', partition: 1, from: 19, to: 20 },
  ];
  await kafka.readRanges(
    ranges,
    (batch) => void got.push(...batch.records.map((one) => `${one.topic}/${one.partition}/${one.offset}`)),
  );
  const expected = [...Array.from({ length: 186 }, (_, n) => `numbers/0/${n + 17}`), 'empty/1/19'];
  expect(got.toSorted()).toEqual(expected.toSorted());
}, 30_000);

test('the offsets at an instant are those of the first records written since', async () => {
  const records = await readAll();
  const timed = records as (IncomingRecord & { timestampMs: number })[];
  const times = timed.filter(({ partition }) => partition === 1).map(({ timestampMs }) => timestampMs);
  const middle = times[Math.floor(times.length / 2)]!;
  const [, at] = await kafka.offsetsAt(topic, middle);
  expect(at).toEqual({ partition: 1, offset: times.findIndex((time) => time >= middle) });
  const [, end] = await kafka.offsetsAt(topic, Date.now() + 60_000);
  expect(end).toEqual({ partition: 1, offset: times.length });
  expect((await kafka.topicNames()).toSorted()).toEqual(['empty', 'numbers']);
}, 30_000);

test('an empty topic is read at once', async () => {
  let batches = 0;
  await kafka.ensureTopics([{ name: 'bare', partitions: 2 }]);
  await kafka.read('bare', () => void (batches += 1));
  expect(batches).toBe(0);
}, 30_000);

test('what the reader throws ends the reading', async () => {
  const reading = kafka.read(topic, () => {
    throw new TypeError('enough');
  });
  await expect(reading).rejects.toThrow('enough');
}, 30_000);

test('no consumer group stays behind', async () => {
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const { groups } = await admin.listGroups();
  await admin.disconnect();
  expect(groups.filter(({ groupId }) => groupId.startsWith(prefix))).toEqual([]);
}, 30_000);
