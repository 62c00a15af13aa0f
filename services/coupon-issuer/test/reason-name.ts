import { UnusableReason } from '@lingquan/events/coupon.ts';

/** LOCKED, EXPIRED, …: as the schema names it. */
export const reasonName = (reason: number): string | undefined =>
  Object.entries(UnusableReason).find(([, value]) => value === reason)?.[0];
