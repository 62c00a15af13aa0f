import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { pushId, toHeaders, topics } from '@lingquan/events';
import { connectKafka } from '@lingquan/kafka';
import { createRecording, openRecording } from '@lingquan/recording';
import type { Range, Recorded } from '@lingquan/recording';
import { until } from '@lingquan/test-kit';
import { lingquan } from './lingquan.ts';
import { replayableSystem } from './replayable.ts';

jest.setTimeout(120_000);

const couponEvents = topics.couponEvents.name;
const deadLetters = 'wechat.inbound.dlq';
let replayable: Awaited<ReturnType<typeof replayableSystem>>;
let env: Record<string, string>;
let file: string;

beforeAll(async () => {
  replayable = await replayableSystem('cli-compare');
  ({ env, file } = replayable);
});
afterAll(() => replayable[Symbol.asyncDispose]());

/** Another recording of what is in `from`, but for what `change` leaves out or says otherwise. */
async function rewritten(
  from: string,
  name: string,
  change: (record: Recorded) => Recorded[],
  ranges: (range: Range) => boolean = () => true,
): Promise<string> {
  const path = join(replayable.dir, name);
  await using recorded = await openRecording(from);
  const writer = await createRecording(path, { ranges: recorded.meta.ranges.filter(ranges) });
  for await (const batch of recorded.read()) await writer.append(batch.flatMap(change));
  await writer.finish();
  return path;
}

async function compared(...args: string[]) {
  const { code, err, json } = await lingquan(env, 'compare', ...args, '--json');
  return { code, err, ...(json() as { same: boolean; leftOut: string[]; types: { type: string; topic: string }[] }) };
}

test('what is missing, more, or in other words is listed by its place', async () => {
  let claims = 0;
  const other = await rewritten(file, 'other.lqrec', (record) => {
    if (String(record.headers['ce_type']) !== 'coupon.claimed') return [record];
    claims++;
    if (claims === 7) return [];
    return [claims === 9 ? { ...record, value: Buffer.from('something else') } : record];
  });
  const list = join(replayable.dir, 'differences.jsonl');
  const { code, same, types } = await compared(file, other, '--differences', list);
  expect({ code, same }).toEqual({ code: 1, same: false });
  expect(types).toContainEqual(
    expect.objectContaining({ type: 'coupon.claimed', a: 60, b: 59, onlyInA: 1, onlyInB: 0, differing: 1 }),
  );
  const lines = (await readFile(list, 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { verdict: string }).verdict).toSorted()).toEqual([
    'differs',
    'only in A',
  ]);
});

test('a recording that covers the events and holds none differs from one that holds them, by compare and by replay', async () => {
  const silent = await rewritten(file, 'silent.lqrec', (record) => (record.topic === couponEvents ? [] : [record]));
  expect(await compared(file, silent)).toMatchObject({ code: 1, same: false, leftOut: [] });
  expect(await compared(silent)).toMatchObject({ code: 1, same: false, leftOut: [] }); // with the running system
  const replayed = await lingquan(env, 'replay', silent, '--system', 'silent', '--json');
  expect(replayed.code).toBe(1);
});

test('a topic that a recording was made without is told, and not held against it', async () => {
  const without = ({ topic }: { topic: string }) => topic !== couponEvents;
  const partial = await rewritten(file, 'partial.lqrec', (one) => (without(one) ? [one] : []), without);
  expect(await compared(file, partial)).toMatchObject({ code: 0, same: true, leftOut: [couponEvents] });
  expect((await lingquan(env, 'compare', file, partial)).out).toContain(`not compared: ${couponEvents}`);
  const none = await rewritten(
    file,
    'none.lqrec',
    ({ topic, ...rest }) => (topic === topics.wechatInbound.name ? [{ topic, ...rest }] : []),
    ({ topic }) => topic === topics.wechatInbound.name,
  );
  const { code, err } = await lingquan(env, 'compare', file, none);
  expect(code).toBe(2);
  expect(err).toContain('nothing to compare');
});

test('a recording that was cut off is said to be', async () => {
  const path = join(replayable.dir, 'torn.lqrec');
  await using recorded = await openRecording(file);
  const writer = await createRecording(path, { ranges: recorded.meta.ranges });
  for await (const batch of recorded.read()) await writer.append(batch);
  await writer.close();
  expect(await compared(file, path)).toMatchObject({ code: 0, err: expect.stringMatching(/⚠.*torn\.lqrec/) });
});

test('what was put aside on one side only is a difference; what a replay puts aside again is none', async () => {
  const kafka = connectKafka({
    brokers: env['KAFKA_BROKERS']!.split(','),
    clientId: 'test',
    log: replayable.log,
    topicPrefix: env['TOPIC_PREFIX']!,
  });
  await using opened = new AsyncDisposableStack();
  opened.defer(() => kafka.close());
  const producer = opened.adopt(kafka.producer(), (one) => one.stop());
  await until(() => producer.ready().then(() => true), 'the producer is connected');
  const envelope = { id: pushId('wx', 'torn'), source: 'ingress', type: 'wechat.text', timeMs: Date.now() };
  const value = Buffer.from([0xff, 0xff, 0xff]);
  await producer.publish([{ topic: topics.wechatInbound.name, key: 'k', value, headers: toHeaders(envelope) }]);
  await until(async () => (await kafka.offsets(deadLetters)).some(({ high }) => high === 1), 'it is put aside');

  const found = await compared(file); // recorded before, with the topic and nothing in it
  expect(found).toMatchObject({ code: 1, same: false, leftOut: [] });
  expect(found.types).toContainEqual(expect.objectContaining({ topic: deadLetters, a: 0, b: 1, onlyInB: 1 }));

  const poisoned = join(replayable.dir, 'poisoned.lqrec');
  await lingquan(env, 'record', '--out', poisoned, '--json');
  expect((await lingquan(env, 'replay', poisoned, '--system', 'poisoned', '--json')).code).toBe(0);
  const hushed = await rewritten(poisoned, 'hushed.lqrec', (one) => (one.topic === deadLetters ? [] : [one]));
  expect(await compared(poisoned, hushed)).toMatchObject({ code: 1, same: false });
});
