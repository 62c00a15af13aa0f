import type { Log } from '@lingquan/log';
import type { Redis } from '@lingquan/redis';
import type { WechatApi } from '@lingquan/wechat-api';

const HOUR_MS = 3_600_000;

/** Where ingress finds an account's list: a JSON array of addresses and CIDR ranges. The inner braces are part of the key. */
export const callbackIpsKey = (prefix: string, appid: string): string => `${prefix}callback-ips:{${appid}}`;

export type CallbackIpsOptions = {
  api: Pick<WechatApi, 'callbackIps'>;
  redis: Redis;
  prefix: string;
  appids: string[];
  log: Log;
  now?: () => number;
};

/**
 * Keeps the addresses the platform pushes from in Redis: asked for once an hour, put back when Redis lost them. When the platform
 * does not give them the old ones stay, for ever if need be. Returns one turn of that, to be done every minute.
 */
export function callbackIpsRefresher(options: CallbackIpsOptions): () => Promise<void> {
  const { api, redis, prefix, appids, log, now = Date.now } = options;
  const known = new Map<string, { list: string; fetchedAtMs: number }>();

  async function fetch(appid: string): Promise<void> {
    const outcome = await api.callbackIps(appid);
    if (outcome.kind === 'ok') {
      const list = JSON.stringify(outcome.value);
      known.set(appid, { list, fetchedAtMs: now() });
      await redis.set(callbackIpsKey(prefix, appid), list);
      return;
    }
    const { failure, errcode, detail } = outcome;
    log.warn(
      { appid, failure, errcode, detail },
      'the platform does not give its callback addresses; keeping the old ones',
    );
  }

  async function look(appid: string): Promise<void> {
    const last = known.get(appid);
    if (last === undefined || now() - last.fetchedAtMs >= HOUR_MS) return fetch(appid);
    await redis.set(callbackIpsKey(prefix, appid), last.list, 'NX');
  }

  return async () => {
    for (const appid of appids) await look(appid);
  };
}
