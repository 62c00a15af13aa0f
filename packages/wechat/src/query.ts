import { AppError } from '@lingquan/errors';
import type { Query } from './account.ts';

/** Longer values are none of WeChat's (the longest, msg_signature and openid, have 40). */
const valueLengthMax = 256;

/**
 * Refuses a query in which a parameter comes twice (which of the two was signed?) or is longer than any of WeChat's.
 * @throws AppError `invalid`
 */
export function checkQuery(query: Query): void {
  for (const value of Object.values(query)) {
    if (typeof value === 'object') throw new AppError('invalid', 'A query parameter came more than once');
    if (value !== undefined && value.length > valueLengthMax)
      throw new AppError('invalid', 'A query parameter is too long');
  }
}

/** A parameter of a checked query; '' when it did not come. */
export function parameter(query: Query, name: string): string {
  const value = query[name];
  return typeof value === 'string' ? value : '';
}
