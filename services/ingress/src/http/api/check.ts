import type { z } from 'zod';
import { Refusal } from './refusal.ts';

/**
 * `given` as the schema has it, or a refusal that names the fields that are wrong by where they stand: names of the schema and places
 * in lists, nothing of what was sent.
 */
export function checked<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const fields = new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'body'));
  throw new Refusal('invalid', { fields: [...fields] });
}
