import { outcomeId } from '@lingquan/events';
import type { Envelope } from '@lingquan/events';

/** Who says it: `ce_source` of everything the issuer publishes. */
export const SOURCE = 'coupon-issuer';

/**
 * The envelope of a record that follows from `cause`: its time, and an id that is a function of the cause and of `what`, by
 * default the type; a cause with several outcomes of one type tells them apart by it.
 */
export const follow = (cause: Envelope, type: string, what = type): Envelope => ({
  ...cause,
  id: outcomeId(cause.id, what),
  source: SOURCE,
  type,
});
