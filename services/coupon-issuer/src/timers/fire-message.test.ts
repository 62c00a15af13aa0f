import { expect, test } from '@jest/globals';
import { envelopeOf } from '@lingquan/events';
import { fireTimers } from './fire-message.ts';

const due = [
  { code: 'B', dueAtMs: 2 },
  { code: 'A', dueAtMs: 1 },
];
const idOf = (...parameters: Parameters<typeof fireTimers>) => envelopeOf(fireTimers(...parameters).headers).id;

test('the same coupons at the same due times are the same firing, whoever fires and when', () => {
  expect(idOf(due, 10)).toBe(idOf(due.toReversed(), 11));
  expect(idOf(due, 10)).not.toBe(idOf([due[0]!, { code: 'A', dueAtMs: 3 }], 10));
});
