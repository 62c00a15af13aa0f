import { expect, test } from '@jest/globals';
import { monthsAhead } from './partitions.ts';

test('the months made ahead go on over the end of a year', () => {
  expect(monthsAhead(Date.UTC(2026, 11, 31, 23, 59))).toEqual([
    Date.UTC(2026, 11),
    Date.UTC(2027, 0),
    Date.UTC(2027, 1),
  ]);
});
