import { expect, test } from '@jest/globals';
import { progressText } from './report.ts';

test('the rate and the time left follow from what was done in these seconds, not from what was done before', () => {
  expect(progressText({ done: 50, of: 100, seconds: 10 })).toBe('50/100 (50 %)  5/s  还需 left 10 s');
  expect(progressText({ done: 90, doneNow: 20, of: 100, seconds: 10 })).toBe('90/100 (90 %)  2/s  还需 left 5 s');
  expect(progressText({ done: 90, doneNow: 0, of: 100, seconds: 1 })).toContain('left …');
});
