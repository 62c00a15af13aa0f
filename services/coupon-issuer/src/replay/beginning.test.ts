import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import { createRecording, openRecording } from '@lingquan/recording';
import type { Range } from '@lingquan/recording';
import { missingBefore, missingText } from './beginning.ts';

const inbound = topics.wechatInbound.name;
const journal = topics.couponJournal.name;
const record = { timestampMs: 0, key: null, headers: {} };

/** Turns of one record each: the number, the offset in the journal, and the partition and offset of the record. */
type Line = [sequence: number, at: number, partition: number, offset: number];

/** What is missing of a recording with these lines, of whose records those from `recordedFrom` on, by partition, are there. */
async function missingOf(lines: Line[], recordedFrom: number[], ranges: Range[] = []): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'lingquan-beginning-'));
  try {
    const writer = await createRecording(join(dir, 'a.lqrec'), { ranges });
    for (const [sequence, at, partition, offset] of lines) {
      const [first, number] = [BigInt(offset), BigInt(sequence)];
      const entry = { topic: inbound, partition, firstOffset: first, lastOffset: first, sequence: number };
      const value = Buffer.from(toBinary(JournalEntrySchema, create(JournalEntrySchema, entry)));
      await writer.append([{ ...record, topic: journal, partition: 0, offset: at, value }]);
      if (offset >= recordedFrom[partition]!)
        await writer.append([{ ...record, topic: inbound, partition, offset, value: null }]);
    }
    await writer.finish();
    await using recording = await openRecording(join(dir, 'a.lqrec'));
    return missingText(await missingBefore(recording));
  } finally {
    await rm(dir, { recursive: true });
  }
}

test.each<[string, Line[]]>([
  ['everything from the first on', [[1, 0, 0, 0], [2, 1, 1, 0], [3, 2, 0, 1]]], // prettier-ignore
  ['a first turn on topics whose records were partly deleted before', [[1, 9, 0, 40], [2, 10, 1, 7]]], // prettier-ignore
  ['numbers that rounds rolled back left out', [[4, 0, 0, 0], [9, 1, 1, 0]]], // prettier-ignore
  ['a gap within, as compaction leaves it', [[1, 0, 0, 0], [2, 5, 0, 8]]], // prettier-ignore
])('nothing is missing: %s', async (_, lines) => {
  expect(await missingOf(lines, [0, 0])).toBe('');
});

test('a journal that begins later lacks its turns before, and those of every partition', async () => {
  expect(await missingOf([[8, 5, 0, 12], [9, 6, 1, 0]], [0, 0])).toBe(`${journal}[0]@0–4, ${inbound}[0]@0–11`); // prettier-ignore
  expect(await missingOf([[8, 5, 0, 0]], [0])).toBe(`${journal}[0]@0–4`);
});

test('a journal made anew begins at its beginning, but not with the first turns', async () => {
  expect(await missingOf([[8, 0, 0, 12]], [0])).toBe(`${inbound}[0]@0–11`);
});

test('records of a turn in the journal that were not recorded are missing', async () => {
  const lines: Line[] = [[1, 0, 0, 0], [2, 1, 1, 0], [3, 2, 1, 1]]; // prettier-ignore
  expect(await missingOf(lines, [0, 1])).toBe(`${inbound}[1]@0–0`);
  const asked = { topic: inbound, partition: 1, from: 2, to: null };
  expect(await missingOf(lines, [0, Infinity], [asked])).toBe(`${inbound}[1]@0–1`); // nothing of it is there
});
