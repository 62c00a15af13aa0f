import { AppError } from '@lingquan/errors';

const beijingMs = 8 * 3600 * 1000;

/** RFC 3339 in Beijing time, to the second: `2026-01-01T08:30:00+08:00` (v3). */
export const toRfc3339 = (ms: number): string => `${beijing(ms).slice(0, 19)}+08:00`;

/** `yyyyMMddHHmmss` in Beijing time (v2). */
export const toCompact = (ms: number): string => beijing(ms).slice(0, 19).replaceAll(/\D/g, '');

/** `yyyy-MM-dd HH:mm:ss` in Beijing time (refunds in v2, bills). */
export const toSpaced = (ms: number): string => beijing(ms).slice(0, 19).replace('T', ' ');

const beijing = (ms: number): string => new Date(ms + beijingMs).toISOString();

/**
 * The instant of a time of v3: RFC 3339, with or without a fraction, any offset.
 * @throws AppError `invalid`
 */
export function fromRfc3339(text: string): number {
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  return checked(isTime ? Date.parse(text) : Number.NaN);
}

/**
 * The instant of a time of v2: `yyyyMMddHHmmss` or `yyyy-MM-dd HH:mm:ss`, both in Beijing time.
 * @throws AppError `invalid`
 */
export function fromBeijing(text: string): number {
  const parts = /^(\d{4})-?(\d{2})-?(\d{2}) ?(\d{2}):?(\d{2}):?(\d{2})$/.exec(text);
  if (parts === null) return checked(Number.NaN);
  const [, year, month, day, hour, minute, second] = parts;
  return checked(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`));
}

function checked(ms: number): number {
  if (Number.isNaN(ms)) throw new AppError('invalid', 'Not a time as WeChat Pay writes it');
  return ms;
}
