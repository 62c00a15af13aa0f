import { AppError } from '@lingquan/errors';
import type { Query } from './account.ts';

/** Longer values are none of WeChat's (the longest, msg_signature and openid, have 40). */
const valueLengthMax = 256;

/**
 * A parameter that came at most once; '' when it did not come.
 * @throws AppError `invalid` when it came twice (which of the two was signed?) or is too long
 */
export function single(query: Query, name: string): string {
  const value = query[name];
  if (value === undefined) return '';
  if (typeof value !== 'string') throw new AppError('invalid', `The query parameter ${name} came more than once`);
  if (value.length > valueLengthMax) throw new AppError('invalid', `The query parameter ${name} is too long`);
  return value;
}
