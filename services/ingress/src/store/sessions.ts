import { hash, randomBytes } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import type { Redis } from '@lingquan/redis';
import type { Owner } from '../domain/owner.ts';

/** Who is logged in. `id` names the session without being its token. */
export type Session = Owner & { id: string };

export type Sessions = {
  /** Begins a session; resolves with its token, which is kept nowhere. */
  open: (owner: Owner) => Promise<string>;
  /** Who this token belongs to; the session lives on from now. Undefined when it is unknown or over. */
  find: (token: string) => Promise<Session | undefined>;
  /** Counts one write of a session; whether it is over the limit of this minute. */
  isOver: (session: Session) => Promise<boolean>;
};

/** How long a session lives without being used, seconds. */
export const SESSION_SECONDS = 2 * 24 * 3600;
const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;
const MINUTE_MS = 60_000;

/** KEYS: the session's counter. ARGV: the window in ms. */
const script = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count`;

type WithScript = Redis & { lingquanCount: (key: string, windowMs: number) => Promise<number> };

/**
 * Sessions in Redis, under the hash of their token: who reads Redis cannot log in. Losing them costs everybody one log-in. All
 * reject with `unavailable` while Redis is away: nobody is let in without being known. `writesPerMinute` 0 is no limit.
 */
export function openSessions(redis: Redis, prefix: string, writesPerMinute: number): Sessions {
  redis.defineCommand('lingquanCount', { numberOfKeys: 1, lua: script });
  const scripted = redis as WithScript;
  const sessionKey = (id: string) => `${prefix}session:{${id}}`;
  return {
    open: async ({ appid, openid }) => {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const value = JSON.stringify({ appid, openid });
      await there(redis.set(sessionKey(idOf(token)), value, 'EX', SESSION_SECONDS));
      return token;
    },
    find: async (token) => {
      if (!TOKEN.test(token)) return undefined;
      const id = idOf(token);
      const value = await there(redis.getex(sessionKey(id), 'EX', SESSION_SECONDS));
      return value === null ? undefined : { id, ...(JSON.parse(value) as Owner) };
    },
    isOver: async ({ id }) =>
      writesPerMinute > 0 &&
      (await there(scripted.lingquanCount(`${prefix}writes:{${id}}`, MINUTE_MS))) > writesPerMinute,
  };
}

const idOf = (token: string): string => hash('sha256', token);

const there = <T>(call: Promise<T>): Promise<T> =>
  call.catch((cause: unknown) => {
    throw new AppError('unavailable', 'sessions cannot be read now', { cause });
  });
