import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { AppError } from '@lingquan/errors';

/** Bounds that every command is held to before anything is decided from it. All throw `invalid`, saying what must be so. */

/** Of whatever is counted or priced: coupons, fen. */
export const COUNT_MAX = 1_000_000_000_000;

export function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new AppError('invalid', what);
}

/** Neither unspecified nor from a newer schema. */
export const isKnown = (names: Record<string, number>, value: number): boolean =>
  value !== 0 && Object.values(names).includes(value);

export function whole(value: bigint, name: string, least = 0): number {
  check(value >= BigInt(least) && value <= BigInt(COUNT_MAX), `${name} must be from ${least} to ${COUNT_MAX}`);
  return Number(value);
}

/** Postgres takes no U+0000, and people take no other control characters. */
export const isPlainText = (text: string, max: number): boolean =>
  text.length > 0 && text.length <= max && text.trim() === text && !/\p{Cc}/u.test(text);

export function plainText(text: string, name: string, max: number): string {
  check(isPlainText(text, max), `${name} must be 1 to ${max} characters without blanks around or control characters`);
  return text;
}

export function identifier(id: string, name: string): string {
  check(/^[A-Za-z0-9_-]{1,64}$/.test(id), `${name} must be 1 to 64 of A-Z a-z 0-9 _ -`);
  return id;
}

/** The end of the year 9999, where ISO 8601 ends. */
const INSTANT_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export function instant(time: Timestamp, name: string): number {
  const ms = timestampMs(time);
  check(ms >= 0 && ms <= INSTANT_MAX, `${name} must be from 1970 to 9999`);
  return ms;
}
