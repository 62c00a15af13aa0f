import { openBreaker } from '@lingquan/breaker';
import type { BreakerOptions } from '@lingquan/breaker';
import type { Log } from '@lingquan/log';
import type { Redis } from '@lingquan/redis';
import type { Registry } from 'prom-client';
import { authorized, withoutToken } from './authorized.ts';
import { openPlatform } from './call.ts';
import { fetchCallbackIps } from './callback-ips.ts';
import { sendText } from './customer-service.ts';
import type { TextMessage } from './customer-service.ts';
import { apiFamily } from './family.ts';
import { measureApi, measureTokenAge } from './measure.ts';
import { failed } from './outcome.ts';
import type { ApiFailure, ApiOutcome } from './outcome.ts';
import { fetchStableToken } from './stable-token.ts';
import { noTokenStore, redisTokenStore } from './token-store.ts';
import type { TokenOwner } from './token-store.ts';
import { accessTokens } from './tokens.ts';

export type WechatApiOptions = {
  baseUrl: string;
  accounts: readonly TokenOwner[];
  log: Log;
  metrics: Registry;
  /** Where the processes of this system share tokens; without it this process keeps its own. */
  shared?: { redis: Redis; prefix: string };
  timeoutMs?: number;
  breaker?: Pick<BreakerOptions, 'callsMin' | 'resetMs'>;
};

/** The platform's interfaces. Nothing here rejects: failures are outcomes, and none holds a secret. */
export type WechatApi = {
  /** Resolves undefined when a message could be sent right now: a token is at hand and the breaker lets calls through. */
  prepare: (appid: string) => Promise<ApiFailure | undefined>;
  /** A customer-service message in plain text. After `uncertain` it may have arrived. */
  sendText: (appid: string, message: TextMessage) => Promise<ApiOutcome<undefined>>;
  /** The addresses and ranges this account's pushes come from. */
  callbackIps: (appid: string) => Promise<ApiOutcome<string[]>>;
  stop: () => Promise<void>;
};

/** Opens the platform's interfaces for these accounts: one token each, one breaker per family of interfaces. */
export function connectWechatApi(options: WechatApiOptions): WechatApi {
  const { baseUrl, accounts, log, metrics, shared, timeoutMs } = options;
  const measure = measureApi(metrics);
  const platform = openPlatform({ baseUrl, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const breakerOf = (name: string) => openBreaker({ name: `wechat ${name}`, log, metrics, ...options.breaker });
  const breakers = { token: breakerOf('token'), message: breakerOf('message'), address: breakerOf('address') };
  const family = (breaker: keyof typeof breakers) => apiFamily(platform, breakers[breaker], measure);
  const tokenFamily = family('token');
  const messages = family('message');
  const addresses = family('address');
  const tokens = accessTokens({
    accounts,
    log,
    store: shared === undefined ? noTokenStore : redisTokenStore(shared.redis, shared.prefix),
    fetch: (account) => fetchStableToken(tokenFamily, account),
  });
  measureTokenAge(
    metrics,
    accounts.map(({ appid }) => appid),
    tokens,
  );

  return {
    prepare: async (appid) => {
      if (messages.isOpen()) return failed('not_sent', 'breaker open');
      const token = await tokens.get(appid);
      return token.kind === 'failed' ? withoutToken(token) : undefined;
    },
    sendText: (appid, message) => authorized(tokens, appid, (token) => sendText(messages, token, message)),
    callbackIps: (appid) => authorized(tokens, appid, (token) => fetchCallbackIps(addresses, token)),
    stop: async () => {
      for (const breaker of Object.values(breakers)) breaker.stop();
      await platform.close();
    },
  };
}
