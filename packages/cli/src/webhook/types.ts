import { catalogue } from '@lingquan/events/catalogue.ts';
import type { Terminal } from '../terminal.ts';

/** What claim-log has: every kind of event about coupons and payment that this version knows. */
const known: readonly string[] = [catalogue['coupon.events'], catalogue['payment.events']].flatMap(({ kinds }) =>
  Object.values(kinds.types),
);

/** Says which types nobody has heard of: a newer claim-log may know them, so they are asked for all the same. */
export function warnOfUnknown(terminal: Terminal, types: readonly string[] = []): void {
  const unknown = types.filter((type) => !known.includes(type));
  if (unknown.length > 0)
    terminal.err(`⚠ 没听说过 unknown types: ${unknown.join(', ')}\n  已知 known: ${known.join(', ')}\n`);
}
