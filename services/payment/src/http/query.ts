import { AppError } from '@lingquan/errors';

type Value = string | string[] | undefined;

/** One value, or undefined. Throws `invalid` when it was given twice. */
export function single(value: Value, name: string): string | undefined {
  if (Array.isArray(value)) throw new AppError('invalid', `${name} was given twice`);
  return value;
}

/** One value. Throws `invalid` when it is missing. */
export function required(value: Value, name: string): string {
  const text = single(value, name);
  if (text === undefined || text === '') throw new AppError('invalid', `${name} is needed`);
  return text;
}

/** How many items an answer holds at most: 1 to 200, 50 when nothing is said. */
export function limitOf(value: Value): number {
  const text = single(value, 'limit');
  const limit = text === undefined ? 50 : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw new AppError('invalid', 'limit must be 1 to 200');
  return limit;
}

/** One of these words, or undefined. */
export function oneOf<T extends string>(value: Value, name: string, words: readonly T[]): T | undefined {
  const text = single(value, name);
  if (text === undefined) return undefined;
  const word = words.find((one) => one === text);
  if (word === undefined) throw new AppError('invalid', `${name} must be one of ${words.join(', ')}`);
  return word;
}
