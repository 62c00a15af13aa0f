import { openBreaker } from '@lingquan/breaker';
import type { BreakerOptions } from '@lingquan/breaker';
import type { Log } from '@lingquan/log';
import type { Registry } from 'prom-client';
import { openPlatform } from './call.ts';
import type { ApiRequest, Json } from './call.ts';
import { apiFamily } from './family.ts';
import { measureApi } from './measure.ts';
import { failed } from './outcome.ts';
import type { ApiOutcome } from './outcome.ts';
import type { TokenOwner } from './token-store.ts';

/** An account people log in to, and how: a mini program's `wx.login`, or a page's web authorization. */
export type LoginAccount = TokenOwner & { kind: 'official-account' | 'mini-program' };

/** Exchanges the code a client got for the person behind it. Nothing here rejects. */
export type Logins = {
  /**
   * The openid behind a code, which can be used once within five minutes (reference 9). `user_refused`: the code is wrong, used or
   * too old, or the platform does not let this person in. Session keys and the person's own tokens do not leave this function.
   */
  exchange: (account: LoginAccount, code: string) => Promise<ApiOutcome<{ openid: string }>>;
  stop: () => Promise<void>;
};

export type LoginsOptions = {
  baseUrl: string;
  log: Log;
  metrics: Registry;
  timeoutMs?: number;
  breaker?: Pick<BreakerOptions, 'callsMin' | 'resetMs'>;
};

/** The platform's two ways to log in, behind one breaker. Needs no access token, so it shares nothing with other processes. */
export function openLogins({ baseUrl, log, metrics, timeoutMs, breaker }: LoginsOptions): Logins {
  const platform = openPlatform({ baseUrl, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const circuit = openBreaker({ name: 'wechat login', log, metrics, ...breaker });
  const family = apiFamily(platform, circuit, measureApi(metrics));
  return {
    exchange: async (account, code) => {
      const outcome = await family.call(loginRequest(account, code));
      return outcome.kind === 'ok' ? readLogin(outcome.value) : refusalOf(outcome);
    },
    stop: async () => {
      circuit.stop();
      await platform.close();
    },
  };
}

const GRANT = { grant_type: 'authorization_code' };

function loginRequest({ kind, appid, secret }: LoginAccount, code: string): ApiRequest {
  const shared = { method: 'GET', secrets: [secret, code] } as const;
  return kind === 'mini-program'
    ? { ...shared, path: '/sns/jscode2session', query: { appid, secret, js_code: code, ...GRANT } }
    : { ...shared, path: '/sns/oauth2/access_token', query: { appid, secret, code, ...GRANT } };
}

/** Reads who logged in. A page in snapshot mode has a made-up openid: nobody logged in (reference 9). */
export function readLogin({ openid, is_snapshotuser: isSnapshot }: Json): ApiOutcome<{ openid: string }> {
  if (isSnapshot === 1) return failed('user_refused', 'a page in snapshot mode has no real openid');
  if (typeof openid !== 'string' || !/^[\w-]{1,128}$/.test(openid))
    return failed('uncertain', 'the answer holds no openid');
  return { kind: 'ok', value: { openid } };
}

/** Wrong, used, missing, expired; a person the platform blocks (reference 14). */
const REFUSED: ReadonlySet<number> = new Set([40029, 40163, 41008, 42003, 40226]);

const refusalOf = <T>(outcome: ApiOutcome<T>): ApiOutcome<T> =>
  outcome.kind === 'failed' && REFUSED.has(outcome.errcode) ? { ...outcome, failure: 'user_refused' } : outcome;
