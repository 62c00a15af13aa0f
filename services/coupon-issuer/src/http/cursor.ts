import { AppError } from '@lingquan/errors';
import type { Place } from '../store/coupon-queries.ts';

/** A place in a list as a client carries it: opaque, safe in an address. */
export const cursorOf = ({ claimedAtMs, code }: Place): string =>
  Buffer.from(`${claimedAtMs} ${code}`).toString('base64url');

/** Throws `invalid` on what is no cursor of ours. */
export function placeOf(cursor: string): Place {
  const [, claimedAt, code] = /^(\d{1,15}) ([0-9A-Z]{1,40})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (claimedAt === undefined || code === undefined) throw new AppError('invalid', 'cursor is none of these answers');
  return { claimedAtMs: Number(claimedAt), code };
}
