import { AppError } from '@lingquan/errors';
import { z } from 'zod';

/** The environment as a process receives it. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks a process's settings once, at its start. Empty variables count as absent.
 * Throws `invalid` with one line per wrong variable; the values themselves are not shown (they may be secrets).
 */
export function readConfig<S extends z.ZodType>(schema: S, env: Env): Readonly<z.output<S>> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return Object.freeze(parsed.data) as Readonly<z.output<S>>;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'settings'}: ${issue.message}`);
  throw new AppError('invalid', `These settings are missing or wrong (see .env.example):\n${lines.join('\n')}`);
}

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);

/** Pieces of schema that several processes share, so that a variable means the same everywhere. */
export const settings = {
  port,
  host: z
    .string()
    .regex(/^[\w:][\w.:%-]*$/, 'must be an address or a host name')
    .default('127.0.0.1'),
  /** Comma-separated `host:port`. */
  kafkaBrokers: z
    .string()
    .default('127.0.0.1:9092')
    .transform((list) => list.split(',').map((broker) => broker.trim()))
    .refine((brokers) => brokers.every((broker) => /^[^\s:]+:\d+$/.test(broker)), 'must be host:port, comma-separated'),
  redisUrl: z
    .string()
    .regex(/^rediss?:\/\//, 'must be a redis:// address')
    .default('redis://127.0.0.1:6379'),
  postgresUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address')
    .default('postgres://postgres@127.0.0.1:5432'),
  /** Sets a whole system apart: topics, consumer groups, databases and Redis keys all begin with it. */
  topicPrefix: z
    .string()
    .regex(/^[a-z0-9._-]{0,40}$/, 'at most 40 of a-z 0-9 . _ -')
    .default(''),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
};
