import { UnusableReason } from '@lingquan/events/coupon.ts';

const names = new Map<UnusableReason, string>(
  Object.entries(UnusableReason).map(([name, reason]) => [reason, name.toLowerCase()]),
);
const reasons = new Map([...names].map(([reason, name]) => [name, reason]));

/** A reason as JSON says it: `below_threshold`. One of a later version is `unspecified`. */
export const reasonName = (reason: UnusableReason): string => names.get(reason) ?? 'unspecified';

/** The inverse of `reasonName`; unknown names are `UNSPECIFIED`. */
export const reasonOf = (name: string): UnusableReason => reasons.get(name) ?? UnusableReason.UNSPECIFIED;
