import { refuse } from '../../rules/refusal.ts';
import { chinaDay } from '../../state/clock.ts';
import { newAccessToken } from '../../state/ids.ts';
import type { AccountState, World } from '../../state/world.ts';
import { type Api, type OpenCall, json } from '../definition.ts';

/** Who may call in an account's name: right appid and secret, and for an Official Account an address on its white list. */
export function accountBySecret(
  world: World,
  appid: string | null | undefined,
  secret: string | null | undefined,
): AccountState {
  if (!appid) refuse(41002);
  if (!secret) refuse(41004);
  const state = world.accounts.get(appid) ?? refuse(40013);
  if (state.account.secret !== secret) refuse(40125);
  return state;
}

function refuseStrangeAddress(call: OpenCall, state: AccountState, allowed: readonly string[]): void {
  if (state.account.kind !== 'official-account' || allowed.length === 0 || allowed.includes(call.clientIp)) return;
  const { clientIp } = call;
  refuse(40164, `${clientIp} ipv6 ::ffff:${clientIp}, not in whitelist`);
}

function takeQuota(call: OpenCall, state: AccountState, path: string): void {
  const quota = state.quotas.take(path, call.now);
  if (quota !== 'ok') refuse(quota);
}

/** Both ways to an access token. `ipAllowList` empty means that the accounts have no white list. */
export function tokenApis(ipAllowList: readonly string[]): Api[] {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

  function admit(
    call: OpenCall,
    grantType: unknown,
    appid: string | null | undefined,
    secret: string | null | undefined,
    path: string,
  ): AccountState {
    if (grantType !== 'client_credential') refuse(40002);
    const state = accountBySecret(call.world, appid, secret);
    refuseStrangeAddress(call, state, ipAllowList);
    takeQuota(call, state, path);
    return state;
  }

  return [
    {
      method: 'GET',
      path: '/cgi-bin/token',
      auth: 'open',
      handle: (call) => {
        const { query } = call;
        const state = admit(call, query.get('grant_type'), query.get('appid'), query.get('secret'), '/cgi-bin/token');
        const { token, expiresIn } = state.tokens.issue(call.now, newAccessToken);
        return json({ access_token: token, expires_in: expiresIn });
      },
    },
    {
      method: 'POST',
      path: '/cgi-bin/stable_token',
      auth: 'open',
      handle: (call) => {
        const { body } = call;
        const state = admit(
          call,
          body['grant_type'],
          text(body['appid']),
          text(body['secret']),
          '/cgi-bin/stable_token',
        );
        const issued = state.tokens.stable(
          call.now,
          chinaDay(call.now),
          body['force_refresh'] === true,
          newAccessToken,
        );
        if ('errcode' in issued) return refuse(issued.errcode);
        return json({ access_token: issued.token, expires_in: issued.expiresIn });
      },
    },
  ];
}
