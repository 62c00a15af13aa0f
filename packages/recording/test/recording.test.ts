import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createRecording, openRecording, resumeRecording } from '../src/index.ts';
import type { Recorded } from '../src/index.ts';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lingquan-recording-'));
  path = join(dir, 'a.lqrec');
});
afterEach(() => rm(dir, { recursive: true }));

const record = (topic: string, partition: number, offset: number, more: Partial<Recorded> = {}): Recorded => ({
  topic,
  partition,
  offset,
  timestampMs: Date.UTC(2026, 0, 1) + offset,
  key: Buffer.from(`follower-${offset}`),
  value: Buffer.from(`值 ${offset}`.repeat(20)),
  headers: { ce_id: String(offset), ce_source: 'ingress' },
  ...more,
});

/** As text: comparing long buffers byte by byte takes seconds. */
const text = (records: Recorded[]): string =>
  JSON.stringify(records, (_, value: unknown) => (value === undefined ? 'undefined' : value));

const many = (topic: string, partition: number, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => record(topic, partition, from + i));

async function readAll(file = path): Promise<Recorded[]> {
  await using recording = await openRecording(file);
  const records: Recorded[] = [];
  for await (const batch of recording.read()) records.push(...batch);
  return records.toSorted((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));
}

test('every part of a record comes back as it was', async () => {
  const records = [
    record('odd', 0, 0, { key: null, value: null, headers: {} }),
    record('odd', 0, 7, {
      key: Buffer.alloc(0),
      value: Buffer.alloc(0),
      headers: { empty: '', none: undefined, bytes: Buffer.from([0xff]) },
    }),
    record('odd', 0, 2 ** 40, { timestampMs: 0, headers: { twice: ['a', 'b'] } }),
    record('odd', 0, 2 ** 53 - 1, { value: Buffer.alloc(700_000, 'x'), headers: { 名: 'v'.repeat(300) } }),
  ];
  const writer = await createRecording(path, { ranges: [] });
  await writer.append(records);
  await writer.finish();
  expect(text(await readAll())).toBe(text(records));
});

test('headers of ASCII come as texts, whatever they were written as; others as bytes', async () => {
  const writer = await createRecording(path, { ranges: [] });
  const values = ['a', 'a', 'b', '', 'é', 'é', 'a'];
  await writer.append(values.map((value, n) => record('t', 0, n, { headers: { one: Buffer.from(value), n: `${n}` } })));
  await writer.finish();
  expect((await readAll()).map(({ headers }) => headers)).toEqual(
    values.map((value, n) => ({ one: value === 'é' ? Buffer.from(value) : value, n: `${n}` })),
  );
});

test('strings are written as their UTF-8 bytes', async () => {
  const writer = await createRecording(path, { ranges: [] });
  const long = '长'.repeat(50);
  await writer.append([{ ...record('t', 0, 0), key: '券', headers: { short: 'é', long } }]);
  await writer.finish();
  const [read] = await readAll();
  expect(read).toMatchObject({ key: Buffer.from('券'), headers: { short: Buffer.from('é'), long: Buffer.from(long) } });
});

test('counts, ranges and times are known by partition; only its owner can read the file', async () => {
  const writer = await createRecording(path, { ranges: [{ topic: 'b', partition: 1, from: 5, to: 9 }] });
  await writer.append([...many('b', 1, 5, 9), ...many('a', 0, 100, 101), ...many('b', 0, 0, 2)]);
  const done = await writer.finish();
  await using recording = await openRecording(path);
  expect(recording.meta.ranges).toEqual([{ topic: 'b', partition: 1, from: 5, to: 9 }]);
  expect(recording.records).toBe(7);
  expect(recording.partitions).toMatchObject([
    { topic: 'a', partition: 0, count: 1, firstOffset: 100, lastOffset: 100 },
    { topic: 'b', partition: 0, count: 2, firstOffset: 0, lastOffset: 1 },
    { topic: 'b', partition: 1, count: 4, firstOffset: 5, lastOffset: 8 },
  ]);
  expect(recording.done).toEqual(done);
  expect(await recording.digest()).toBe(done.digest);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('the digest does not depend on how the records were cut into blocks, and does on every byte', async () => {
  const digestOf = async (name: string, batches: Recorded[][]) => {
    const writer = await createRecording(join(dir, name), { ranges: [] });
    for (const batch of batches) {
      await writer.append(batch);
      await writer.flush();
    }
    return (await writer.finish()).digest;
  };
  const [left, right] = [many('t', 0, 0, 3000), many('t', 1, 0, 3000)];
  const whole = await digestOf('1', [[...left, ...right]]);
  expect(await digestOf('2', [right.slice(0, 10), left, right.slice(10)])).toBe(whole);
  expect(await digestOf('3', [left.with(0, record('t', 0, 0, { timestampMs: 1 })), right])).not.toBe(whole);
});

test('one that was cut off anywhere can be read, resumed, and ends as if nothing had happened', async () => {
  const records = many('t', 0, 0, 9000); // several blocks
  const whole = join(dir, 'whole');
  const writer = await createRecording(whole, { ranges: [] });
  await writer.append(records);
  const { digest } = await writer.finish();
  const bytes = await readFile(whole);
  for (const cut of [0.1, 0.5, 0.77, 0.999].map((part) => Math.floor(part * bytes.length))) {
    await writeFile(path, bytes.subarray(0, cut));
    const before = await readAll();
    expect(text(before)).toBe(text(records.slice(0, before.length)));
    const again = await resumeRecording(path);
    const next = again.next('t', 0) ?? 0;
    expect(next).toBe(before.length);
    await again.append(records.slice(next));
    expect((await again.finish()).digest).toBe(digest);
    expect(text(await readAll())).toBe(text(records));
    await rm(path);
  }
});

test('one that goes back to where it was flushed forgets what came after', async () => {
  const writer = await createRecording(path, { ranges: [] });
  await writer.append(many('t', 0, 0, 10));
  const length = await writer.flush();
  await writer.append(many('t', 0, 10, 20));
  await writer.finish();
  const again = await resumeRecording(path, length);
  expect(again.next('t', 0)).toBe(10);
  await again.finish();
  expect(await readAll()).toHaveLength(10);
});

test('a finished one is not resumed, one that is there is not overwritten, an offset is not written twice', async () => {
  const writer = await createRecording(path, { ranges: [] });
  await writer.append(many('t', 0, 0, 10));
  await expect(writer.append(many('t', 0, 9, 10))).rejects.toMatchObject({ code: 'conflict' });
  await writer.finish();
  await expect(resumeRecording(path)).rejects.toMatchObject({ code: 'conflict' });
  await expect(createRecording(path, { ranges: [] })).rejects.toMatchObject({ code: 'conflict' });
});

test('a byte that changed on the disk is noticed; what is no recording is refused', async () => {
  const writer = await createRecording(path, { ranges: [] });
  await writer.append(many('t', 0, 0, 1000));
  await writer.close();
  const bytes = await readFile(path);
  const at = bytes.length - 100;
  bytes[at] = bytes[at]! ^ 1;
  await writeFile(path, bytes);
  await expect(readAll()).rejects.toMatchObject({ code: 'invalid' });
  await truncate(path, 10);
  await expect(openRecording(path)).rejects.toMatchObject({ code: 'invalid' });
  await appendFile(path, 'something else altogether');
  await expect(openRecording(path)).rejects.toMatchObject({ code: 'invalid' });
  await expect(openRecording(join(dir, 'not there'))).rejects.toMatchObject({ code: 'invalid' });
});

test('blocks that are not wanted are not read', async () => {
  const writer = await createRecording(path, { ranges: [] });
  await writer.append([...many('a', 0, 0, 9000), ...many('b', 0, 0, 10)]);
  await writer.finish();
  await using recording = await openRecording(path);
  const read = async (wanted: Parameters<typeof recording.read>[0]) => {
    const offsets: number[] = [];
    for await (const batch of recording.read(wanted)) offsets.push(...batch.map(({ offset }) => offset));
    return offsets;
  };
  expect(await read({ topics: ['b'] })).toHaveLength(10);
  const late = await read({ topics: ['a'], fromOffset: 8999 });
  expect(late.length).toBeLessThan(9000);
  expect(late.at(-1)).toBe(8999);
  expect(await read({ topics: ['a'], toMs: Date.UTC(2026, 0, 1) })).toHaveLength(0);
});
