import { expect, test } from '@jest/globals';
import { startJournal } from './journal.ts';
import type { JournalLine, Stand } from './journal.ts';

const topic = 'wechat.inbound';
const line = (sequence: number, first: number, last: number, more: Partial<JournalLine> = {}): JournalLine => ({
  sequence,
  topic,
  partition: 0,
  first,
  last,
  ...more,
});
const stand: Stand = { topic, partition: 0, low: 0, position: 10 };

function journalOf(...lines: JournalLine[]) {
  const journal = startJournal();
  for (const one of lines) journal.take(one);
  journal.close();
  return journal;
}

const found = (lines: JournalLine[], stands = [stand]) => journalOf(...lines).result(stands).found;

test('lines that follow one another up to where the store stands are in order, numbers may have gaps', () => {
  expect(found([line(1, 0, 3), line(7, 4, 4), line(9, 5, 9)])).toBe(0);
});

test('a partition nothing was written to needs no line', () => {
  expect(found([], [{ ...stand, position: 0 }])).toBe(0);
});

test('a gap, an overlap, a missing beginning and a missing end are found', () => {
  expect(found([line(1, 0, 3), line(2, 5, 9)])).toBe(1);
  expect(found([line(1, 0, 5), line(2, 5, 9)])).toBe(1);
  expect(found([line(1, 1, 9)])).toBe(1);
  expect(found([line(1, 0, 8)])).toBe(1);
});

test('lines of records that retention removed are no fault', () => {
  expect(found([line(1, 0, 3), line(2, 4, 9)], [{ ...stand, low: 6 }])).toBe(0);
});

test('a line published again is no fault, another line of the same number is one', () => {
  expect(found([line(1, 0, 9), line(1, 0, 9)])).toBe(0);
  expect(found([line(1, 0, 9), line(1, 0, 9, { partition: 1 })])).toBe(1);
});

test('an offset finds the batch that decided it', () => {
  const journal = journalOf(line(5, 4, 9), line(2, 0, 3), line(3, 0, 3, { partition: 1 }));
  expect([0, 3, 4, 9, 10].map((offset) => journal.sequenceOf(topic, 0, offset))).toEqual([2, 2, 5, 5, undefined]);
  expect(journal.sequenceOf(topic, 1, 0)).toBe(3);
  expect(journal.sequenceOf('coupon.commands', 0, 0)).toBeUndefined();
});
