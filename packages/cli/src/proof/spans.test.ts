import { expect, test } from '@jest/globals';
import type { JournalLine } from '../audit/journal.ts';
import { startSpans } from './spans.ts';

const line = (sequence: number, partition: number, first: number, last: number, topic = 'in'): JournalLine => ({
  sequence,
  topic,
  partition,
  first,
  last,
});
const ends = (...highs: number[]) => ({ in: highs.map((high, partition) => ({ partition, low: 0, high })) });

function spansOf(lines: JournalLine[], known: Parameters<typeof startSpans>[0], whole = true) {
  const spans = startSpans(known, whole);
  for (const one of lines) spans.take(one);
  spans.close();
  return spans;
}
const found = (...args: Parameters<typeof spansOf>) => spansOf(...args).result().evidence;

test('ranks follow the numbers of the batches, whatever their order in the topic, then the offsets', () => {
  const spans = spansOf([line(7, 0, 3, 4), line(2, 0, 0, 2), line(5, 1, 0, 0)], ends(9, 9));
  expect(spans.result().found).toBe(0);
  const ranks = [0, 1, 2, 3, 4].map((offset) => spans.rankOf('in', 0, offset));
  expect(ranks).toEqual([0, 1, 2, 4, 5]);
  expect([spans.rankOf('in', 1, 0), spans.total()]).toEqual([3, 6]);
  expect([0, 2, 3, 4, 5].map((rank) => spans.sequenceAt(rank))).toEqual([2, 2, 5, 7, 7]);
});

test('a rank is found whatever was asked before, and not where there was no turn', () => {
  const lines = Array.from({ length: 100 }, (_, n) => line(n, 0, 10 * n, 10 * n + 9));
  const spans = spansOf(lines, ends(2000));
  for (const offset of [999, 0, 500, 501, 12, 998, 3]) expect(spans.rankOf('in', 0, offset)).toBe(offset);
  expect([spans.rankOf('in', 0, 1000), spans.rankOf('in', 1, 0), spans.rankOf('x', 0, 0)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a gap, an overlap and a lost beginning are found', () => {
  expect(found([line(1, 0, 0, 2), line(2, 0, 4, 5)], ends(9))).toEqual([expect.stringMatching(/a gap, 3–3/)]);
  expect(found([line(1, 0, 0, 2), line(2, 0, 2, 5)], ends(9))).toEqual([expect.stringMatching(/an overlap, 2–2/)]);
  expect(found([line(1, 0, 1, 2)], ends(9))).toEqual([expect.stringMatching(/should begin at 0/)]);
  expect(found([line(1, 0, 3, 5), line(2, 0, 0, 2)], ends(9))).toHaveLength(2); // a partition's turns follow its offsets
});

test('a journal that begins later begins where it begins', () => {
  expect(found([line(8, 0, 40, 41), line(9, 0, 42, 42)], ends(50), false)).toEqual([]);
});

test('lines about offsets that are not there are found, and take no memory', () => {
  const spans = spansOf(
    [line(1, 0, 0, 2 ** 50), line(2, 3, 0, 0), line(3, 0, 0, 1, 'other'), line(4, 0, 2, 1)],
    ends(9),
  );
  expect([spans.result().found, spans.total()]).toEqual([4, 0]);
});

test('a line told twice is no fault, one number with two meanings is', () => {
  const spans = spansOf([line(1, 0, 0, 2), line(1, 0, 0, 2)], ends(9));
  expect([spans.result().found, spans.publishedAgain()]).toEqual([0, 1]);
  expect(found([line(1, 0, 0, 2), line(1, 0, 0, 3)], ends(9))).toEqual([expect.stringContaining('≠')]);
});
