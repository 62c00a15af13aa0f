import { InvalidArgumentError } from 'commander';

/** An option's parser for whole numbers from `min` to `max`. */
export const wholeNumber =
  (min: number, max = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `${min} 或以上 (${min} or more)` : `${min}–${max}`;
    throw new InvalidArgumentError(`要整数 a whole number is needed: ${range}.`);
  };

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** An option's parser for a length of time such as `30s`, `2m` or `500ms`; a bare number is seconds. In milliseconds. */
export function durationMs(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const value = Number(digits) * unitsMs[unit]!;
  if (value > 0) return value;
  throw new InvalidArgumentError('要时长，如 30s、2m · a length of time such as 30s or 2m is needed.');
}

/** An option's parser for an instant; the zone must be said, so that nobody's campaign opens eight hours off. */
export function instant(text: string): Date {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text) : undefined;
  if (at !== undefined && !Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError(
    '要带时区的 ISO 8601 时刻 · an ISO 8601 instant with its zone is needed, such as 2027-01-20T10:00:00+08:00.',
  );
}
