import { expect, test } from '@jest/globals';
import { UnusableReason } from '@lingquan/events/coupon.ts';
import { reasonName, reasonOf } from './unusable.ts';

test('every reason has a name that leads back to it', () => {
  const reasons = Object.values(UnusableReason);
  expect(reasons.length).toBeGreaterThan(10);
  for (const reason of reasons) expect(reasonOf(reasonName(reason))).toBe(reason);
  expect(reasonName(UnusableReason.BELOW_THRESHOLD)).toBe('below_threshold');
});

test('what a later version says is unspecified', () => {
  expect(reasonName(99 as UnusableReason)).toBe('unspecified');
  expect(reasonOf('too_hot')).toBe(UnusableReason.UNSPECIFIED);
  expect(reasonOf('__proto__')).toBe(UnusableReason.UNSPECIFIED);
});
