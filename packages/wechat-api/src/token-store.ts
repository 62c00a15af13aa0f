import { randomUUID } from 'node:crypto';
import type { Redis } from '@lingquan/redis';
import type { AccessToken } from './token-rules.ts';
import { openToken, sealToken } from './token-seal.ts';

/** The right to fetch an account's next token, for one process at a time. */
export type Lease = {
  /** Shares the token and gives the lease back. False when the lease had run out: another process fetches by now. */
  save: (token: AccessToken) => Promise<boolean>;
  release: () => Promise<void>;
};

/** Where the processes of a system share an account's token. Nothing here rejects: without it each process fetches its own. */
export type TokenStore = {
  read: (account: TokenOwner) => Promise<AccessToken | undefined>;
  acquire: (account: TokenOwner) => Promise<Lease | 'held'>;
};

export type TokenOwner = { appid: string; secret: string };

/** For a process that shares with nobody. */
export const noTokenStore: TokenStore = {
  read: async () => undefined,
  acquire: async () => ({ save: async () => true, release: async () => undefined }),
};

/** Longer than fetching a token may take, so that whoever died holding it keeps nobody waiting for long. */
const LEASE_MS = 10_000;

const SAVE = `if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[2], ARGV[2], 'px', ARGV[3])
redis.call('del', KEYS[1])
return 1`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/**
 * Tokens in Redis under `{prefix}access-token:{appid}`, sealed with the account's secret, and gone when they are over. A lease is
 * `{prefix}access-token-lease:{appid}`; saving checks it, so that a process that was asleep cannot overwrite a newer token.
 * The braces around the appid are part of the keys: a cluster keeps both in one place.
 */
export function redisTokenStore(redis: Redis, prefix: string): TokenStore {
  const tokenKey = (appid: string) => `${prefix}access-token:{${appid}}`;
  const leaseKey = (appid: string) => `${prefix}access-token-lease:{${appid}}`;
  return {
    read: async ({ appid, secret }) => {
      const text = await orWithout(redis.get(tokenKey(appid)), null);
      return text === null ? undefined : openToken(text, appid, secret);
    },
    acquire: async (account) => {
      const { appid } = account;
      const id = randomUUID();
      // 'OK' also when Redis is away: then everybody is on their own.
      if ((await orWithout(redis.set(leaseKey(appid), id, 'PX', LEASE_MS, 'NX'), 'OK')) !== 'OK') return 'held';
      return {
        save: async (token) => {
          const lifeMs = Math.max(1, token.expiresAtMs - Date.now());
          const sealed = sealToken(token, appid, account.secret);
          const saved = redis.eval(SAVE, 2, leaseKey(appid), tokenKey(appid), id, sealed, String(lifeMs));
          return (await orWithout(saved, 1)) === 1;
        },
        release: async () => void (await orWithout(redis.eval(RELEASE, 1, leaseKey(appid), id), 0)),
      };
    },
  };
}

/** The client says in its own log that Redis is away. */
const orWithout = <T>(command: Promise<T>, without: T): Promise<T> => command.catch(() => without);
