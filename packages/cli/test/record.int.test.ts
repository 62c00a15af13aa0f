import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { toHeaders, topics, uuidOf } from '@lingquan/events';
import { openRecording } from '@lingquan/recording';
import { isolate, until } from '@lingquan/test-kit';
import { lingquan } from './lingquan.ts';

jest.setTimeout(60_000);

const system = isolate('record');
const producer = system.kafka.producer();
let dir: string;

const publish = (topic: string, from: number, to: number) =>
  producer.publish(
    Array.from({ length: to - from }, (_, i) => ({
      topic,
      key: `follower-${from + i}`,
      value: Buffer.from(`${topic} ${from + i} ${'x'.repeat(200)}`),
      headers: toHeaders({ id: uuidOf(topic, String(from + i)), source: 'test', type: 'test', timeMs: from + i }),
    })),
  );

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lingquan-record-'));
  await system.kafka.ensureTopics([topics.wechatInbound, topics.couponCommands]);
  await until(() => producer.ready().then(() => true), 'the producer is connected');
  await publish(topics.wechatInbound.name, 0, 5000);
  await publish(topics.couponCommands.name, 0, 10);
});

afterAll(async () => {
  await producer.stop();
  await system.remove();
  await rm(dir, { recursive: true });
});

const record = (...args: string[]) => lingquan(system.env, 'record', '--json', ...args);

async function valuesIn(file: string): Promise<string[]> {
  await using recording = await openRecording(file);
  const values: string[] = [];
  for await (const batch of recording.read())
    values.push(
      ...batch.map(({ topic, partition, offset, value }) => `${topic}[${partition}]@${offset} ${String(value)}`),
    );
  return values.toSorted();
}

async function valuesInKafka(names: string[]): Promise<string[]> {
  const values: string[] = [];
  for (const name of names)
    await system.kafka.read(name, ({ records }) => {
      for (const { topic, partition, offset, value } of records)
        values.push(`${topic}[${partition}]@${offset} ${String(value)}`);
    });
  return values.toSorted();
}

test('everything up to now is written, with counts and digest; a recording cut off anywhere is gone on with to the same digest', async () => {
  const whole = join(dir, 'whole.lqrec');
  const { json, err } = await record('--out', whole);
  const { records, digest } = json() as { records: number; digest: string };
  expect(records).toBe(5010);
  expect(err).toBe('');
  expect(await valuesIn(whole)).toEqual(await valuesInKafka([topics.wechatInbound.name, topics.couponCommands.name]));
  expect(await record('--out', whole)).toMatchObject({ code: 1, err: expect.stringMatching(/^✗ .*已录完/) });

  await publish(topics.wechatInbound.name, 5000, 5100); // comes after what was asked for
  const torn = join(dir, 'torn.lqrec');
  const bytes = await readFile(whole);
  for (const part of [0.3, 0.8]) {
    await writeFile(torn, bytes.subarray(0, Math.floor(part * bytes.length)));
    const again = await record('--out', torn);
    expect(again.json()).toMatchObject({ records: 5010, digest });
    await rm(torn);
  }
});

test('what begins and ends somewhere is written from there to there', async () => {
  const { kafka } = system;
  const [first, second] = await kafka.offsets(topics.wechatInbound.name);
  const part = join(dir, 'part.lqrec');
  const from = `wechat.inbound[0]@7,wechat.inbound[1]@${second!.high}`;
  const { json } = await record('--out', part, '--topics', topics.wechatInbound.name, '--from', from);
  expect(json()).toMatchObject({ partitions: [{ partition: 0, firstOffset: 7, lastOffset: first!.high - 1 }] });
  const beyond = await record('--out', `${part}-2`, '--to', 'wechat.inbound[0]@99999');
  expect(beyond).toMatchObject({ code: 2 });
  expect(beyond.err).toContain('wechat.inbound[0]');
  const nowhere = await record('--out', `${part}-3`, '--topics', 'no.such');
  expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining(topics.couponCommands.name) }); // says which there are
  const noPartition = await record('--out', `${part}-4`, '--from', 'wechat.inbound[99]@0');
  expect(noPartition).toMatchObject({ code: 2, err: expect.stringContaining('wechat.inbound[99]') });
  expect(await record('--out', dir)).toMatchObject({ code: 2, err: expect.stringContaining(dir) });
});

test('for a while: what is written from now on until then, and nothing before', async () => {
  const file = join(dir, 'while.lqrec');
  const recording = record('--out', file, '--for', '3s');
  await until(() => openRecording(file).then((one) => one.close().then(() => true)), 'the recording began');
  await publish(topics.wechatInbound.name, 6000, 6200);
  expect((await recording).json()).toMatchObject({ records: 200 });
});
