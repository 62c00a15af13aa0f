import type { Account } from '@lingquan/accounts';
import type { Log } from '@lingquan/log';
import type { Logins } from '@lingquan/wechat-api';
import { z } from 'zod';
import { addressLimit } from '../../domain/address-limit.ts';
import { isLoopback } from '../../domain/addresses.ts';
import { SESSION_SECONDS } from '../../store/sessions.ts';
import type { Sessions } from '../../store/sessions.ts';
import type { ApiRoute } from './call.ts';
import { ok } from './call.ts';
import { checked } from './check.ts';
import { Refusal } from './refusal.ts';

export type LoginOptions = {
  accounts: readonly Account[];
  logins: Logins;
  sessions: Sessions;
  /** Undefined: the default, and not for loopback. 0 is no limit. */
  perAddressPerMinute: number | undefined;
  log: Log;
};

/** A mobile network's people share few addresses; each log-in costs a call of the platform's. */
const PER_MINUTE_DEFAULT = 600;

const shape = z.strictObject({
  appid: z.string().max(64).optional(),
  code: z.string().regex(/^[\x21-\x7e]{1,512}$/),
});

/** `POST /api/login {appid?, code}` → `{token, expiresIn}`: a session for who is behind the code of wx.login or web authorization. */
export function loginRoute(options: LoginOptions): ApiRoute {
  const { accounts, logins, sessions, log, perAddressPerMinute } = options;
  const byAppid = new Map(accounts.map((account) => [account.appid, account]));
  const defaultAccount = accounts.find(({ isDefault }) => isDefault) ?? accounts[0];
  const limit = addressLimit(perAddressPerMinute ?? PER_MINUTE_DEFAULT);
  const isOver = (address: string, nowMs: number) =>
    (perAddressPerMinute !== undefined || !isLoopback(address)) && limit.take(address, nowMs);

  return {
    method: 'POST',
    path: '/api/login',
    access: 'anyone',
    handle: async ({ body, address, nowMs }) => {
      const { appid, code } = checked(shape, body);
      const account = appid === undefined ? defaultAccount : byAppid.get(appid);
      if (account === undefined) throw new Refusal('unknown_account');
      if (isOver(address, nowMs)) throw new Refusal('too_many_requests');
      const login = await logins.exchange(account, code);
      if (login.kind === 'failed') {
        const { failure, errcode, detail } = login;
        if (failure === 'user_refused') throw new Refusal('login_failed');
        log.warn({ appid: account.appid, failure, errcode, detail }, 'nobody can log in');
        throw new Refusal('try_later');
      }
      const token = await sessions.open({ appid: account.appid, openid: login.value.openid });
      return ok({ token, expiresIn: SESSION_SECONDS });
    },
  };
}
