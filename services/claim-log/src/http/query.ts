import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { fromCursor } from '../domain/walk.ts';
import type { Walk } from '../domain/walk.ts';
import type { EventFilter } from '../store/pages.ts';

export type EventQuery = { filter: EventFilter; cursor: Walk | undefined; limit: number };

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;

/** One value of a filter. */
export const text = z
  .string()
  .max(256)
  .refine((value) => !value.includes('\0'), 'must not hold U+0000');

const limit = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number)
  .refine((value) => value >= 1 && value <= LIMIT_MAX, `must be 1 to ${LIMIT_MAX}`);

/** What an instant looks like, for whoever wrote something else. */
export const INSTANT = 'an ISO 8601 instant with Z or an offset, such as 2026-11-21T08:00:00Z';

const ISO = z.iso.datetime({ offset: true });

/**
 * Milliseconds of an ISO 8601 instant. Events are timed in whole milliseconds, so a finer bound is rounded up: the same
 * events lie on each side of it. A + that was not escaped in the address arrives as a space.
 */
export const instant = z.string().transform((value, context) => {
  const written = value.replace(/ (?=\d\d:?\d\d$)/, '+');
  const ms = Date.parse(written);
  if (ISO.safeParse(written).success && !Number.isNaN(ms)) return /\.\d{3}\d*[1-9]/.test(written) ? ms + 1 : ms;
  context.addIssue(`must be ${INSTANT}`);
  return z.NEVER;
});

const schema = z
  .strictObject({
    openid: text,
    campaign: text,
    code: text,
    order: text,
    type: text,
    from: instant,
    to: instant,
    cursor: z.string().max(256).transform(fromCursor),
    limit,
  })
  .partial()
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, 'from lies after to');

/** Reads the query of `GET /events`. An empty value asks for nothing. Throws `invalid` naming every wrong parameter. */
export function parseEventQuery(params: URLSearchParams): EventQuery {
  const { from: fromMs, to: toMs, cursor, limit: asked = LIMIT_DEFAULT, ...filter } = checked(schema, once(params));
  return { filter: { ...filter, fromMs, toMs }, cursor, limit: asked };
}

/** The parameters that have a value. Throws `invalid` when one was given twice. */
export function once(params: URLSearchParams): Record<string, string> {
  const given = [...params].filter(([, value]) => value !== '');
  const names = given.map(([name]) => name);
  const repeated = names.find((name, place) => names.indexOf(name) !== place);
  if (repeated !== undefined) throw new AppError('invalid', `${repeated}: was given more than once`);
  return Object.fromEntries(given);
}

/** What was given, as the schema has it. Throws `invalid` naming everything that is wrong. */
export function checked<S extends z.ZodType>(schemaOfIt: S, given: unknown): z.output<S> {
  const parsed = schemaOfIt.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid', parsed.error.issues.map(line).join('; '));
}

const line = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`;
