import { refuse } from '../rules/refusal.ts';

type Body = Readonly<Record<string, unknown>>;

/** A text member; `errcode` when it is missing, empty or no text. */
export function textField(body: Body, name: string, errcode = 40097): string {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : refuse(errcode, name);
}

/** A text member, or undefined when it is missing, null or empty. */
export function optionalText(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : refuse(47001);
}

/** A whole number, written as number or text. */
export function numberField(body: Body, name: string, errcode = 40097): number {
  const value = body[name];
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : refuse(errcode, name);
}

export function objectField(body: Body, name: string, errcode = 40097): Body {
  const value = body[name];
  return isObject(value) ? value : refuse(errcode, name);
}

/** A list of texts. */
export function textsField(body: Body, name: string, errcode = 40097): string[] {
  const value = body[name];
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : refuse(errcode, name);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Refuses a body that writes Chinese as `\uXXXX` (40033): several interfaces do not decode it (reference 0.5). Escapes of ASCII,
 * which Java libraries write for `<` and `&`, are fine.
 */
export function refuseEscapedChinese(rawBody: Buffer): void {
  if (/(?<!\\)(?:\\\\)*\\u[2-9a-f][0-9a-f]{3}/i.test(rawBody.toString('latin1'))) refuse(40033);
}
