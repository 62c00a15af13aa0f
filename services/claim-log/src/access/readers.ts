import { hash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError, messageOf } from '@lingquan/errors';
import { z } from 'zod';
import type { Role } from '../domain/mask.ts';

/** Somebody who reads the log. */
export type Reader = { name: string; role: Role; /** May have webhooks. */ manages: boolean };

/** Who may read, by the token he shows. */
export type Readers = {
  /** Undefined when the token is nobody's. Takes the same time for every token. */
  byToken: (token: string) => Reader | undefined;
  byName: (name: string) => Reader | undefined;
  names: () => string[];
};

/** The name of whoever needs no token. */
export const LOCAL = 'local';

const schema = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(100),
      tokenSha256: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits (printf %s TOKEN | sha256sum)'),
      role: z.enum(['masked', 'personal']),
      manages: z.boolean().default(false),
    }),
  )
  .min(1)
  .max(1000)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'two readers have the same name')
  .refine((list) => list.every(({ name }) => name !== LOCAL), `the name ${LOCAL} is taken`);

/** Reads CLAIM_LOG_READERS_FILE. Throws `invalid` saying what is wrong with it, without showing what it holds. */
export function readReaders(file: string): Readers {
  const list = parse(file);
  const digests = list.map(({ tokenSha256 }) => Buffer.from(tokenSha256, 'hex'));
  const readers = list.map(({ name, role, manages }): Reader => ({ name, role, manages }));
  return {
    byToken: (token) => {
      const shown = hash('sha256', token, 'buffer');
      let found: Reader | undefined;
      for (const [place, digest] of digests.entries()) if (timingSafeEqual(digest, shown)) found = readers[place];
      return found;
    },
    byName: (name) => readers.find((reader) => reader.name === name),
    names: () => readers.map(({ name }) => name),
  };
}

function parse(file: string): z.output<typeof schema> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : messageOf(error);
    throw new AppError('invalid', `CLAIM_LOG_READERS_FILE cannot be read: ${why}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new AppError('invalid', `CLAIM_LOG_READERS_FILE:\n${lines.join('\n')}`);
}
