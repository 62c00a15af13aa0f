import { expect, test } from '@jest/globals';
import { toRuns } from './runs.ts';

const read = (record: number) => {
  if (record < 0) throw new Error(`bad ${record}`);
  return `e${record}`;
};
const shapes = (records: number[], max: number) =>
  [...toRuns(records, read, max)].map((run) => (run.kind === 'events' ? run.events : run.record));

test('runs of at most so many, in order, the unreadable ones between them', () => {
  expect(shapes([1, 2, 3, -4, 5, -6, -7], 2)).toEqual([['e1', 'e2'], ['e3'], -4, ['e5'], -6, -7]);
  expect(shapes([-1, 2, 3], 2)).toEqual([-1, ['e2', 'e3']]);
  expect(shapes([], 2)).toEqual([]);
});

test('what is not reached is not decoded', () => {
  let reads = 0;
  const counting = (record: number) => (reads++, record);
  toRuns([1, 2, 3, 4], counting, 2).next();
  expect(reads).toBe(2);
});
