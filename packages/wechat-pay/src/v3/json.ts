import { AppError } from '@lingquan/errors';

/** An object of JSON as it came; its members are not believed to be anything yet. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * The object a text of JSON holds.
 * @throws AppError `invalid` for anything else than an object
 */
export function parseObject(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without the cause: a parser's message quotes the input.
    throw new AppError('invalid', 'Not an object in JSON');
  }
  if (!isObject(value)) throw new AppError('invalid', 'Not an object in JSON');
  return value;
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member that is text; '' when it is anything else. */
export function textIn(json: Json, name: string): string {
  const value = json[name];
  return typeof value === 'string' ? value : '';
}

/** A member that is an object; an empty one when it is anything else. */
export function objectIn(json: Json, name: string): Json {
  const value = json[name];
  return isObject(value) ? value : {};
}
