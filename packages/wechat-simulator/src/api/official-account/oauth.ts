import { refuse } from '../../rules/refusal.ts';
import type { Follower } from '../../state/followers.ts';
import { type WebSession, webTokenSeconds } from '../../state/web-sessions.ts';
import type { AccountState, World } from '../../state/world.ts';
import { type Answer, type Api, type OpenCall, jsonAsText } from '../definition.ts';
import { accountBySecret } from '../shared/token.ts';

const scopes: readonly (string | null)[] = ['snsapi_base', 'snsapi_userinfo'];

/** The page a browser shows when the link itself is wrong. */
const errorPage = (text: string): Answer => ({
  kind: 'page',
  status: 200,
  html: `<!doctype html><meta charset="utf-8"><title>Oops</title><p>${text}</p>`,
});

/** Who holds the phone the link is opened on: named in `_openid`, else chosen on the chat page, else the first follower. */
function visitor(state: AccountState, named: string | null): Follower | undefined {
  return state.followers.get(named ?? state.browsingOpenid) ?? state.followers.list()[0];
}

/** The consent page is not shown: the person agrees. */
function authorize({ world, query, now }: OpenCall): Answer {
  const state = world.accounts.get(query.get('appid') ?? '');
  if (state === undefined || state.account.kind !== 'official-account') return errorPage('AppID 参数错误 (10003)');
  const target = URL.parse(query.get('redirect_uri') ?? '');
  if (target === null || !/^https?:$/.test(target.protocol)) return errorPage('redirect_uri 参数错误 (10003)');
  if (query.get('response_type') !== 'code') return errorPage('response_type 参数错误 (10004)');
  const scope = query.get('scope');
  if (scope === null || !scopes.includes(scope)) return errorPage('Scope 参数错误或没有 Scope 权限 (10005)');
  const follower = visitor(state, query.get('_openid'));
  if (follower === undefined) return errorPage('没有用户');
  const snapshot = query.get('forceSnapShot') === 'true';
  target.searchParams.set('code', state.codes.issue('oauth', { openid: follower.openid, scope, snapshot }, now));
  target.searchParams.set('state', query.get('state') ?? '');
  return { kind: 'redirect', url: target.href };
}

function tokenAnswer(state: AccountState, { session, token }: { session: WebSession; token: string }): Answer {
  const { openid, scope, refreshToken, snapshot } = session;
  const unionid = state.followers.get(openid)?.unionid;
  return jsonAsText({
    access_token: token,
    expires_in: webTokenSeconds,
    refresh_token: refreshToken,
    openid,
    scope,
    ...(snapshot && { is_snapshotuser: 1 }),
    ...(scope === 'snsapi_userinfo' && { unionid }),
  });
}

function exchange({ world, query, now }: OpenCall): Answer {
  if (query.get('grant_type') !== 'authorization_code') refuse(40002);
  const state = accountBySecret(world, query.get('appid'), query.get('secret'));
  const code = query.get('code') || refuse(41008);
  const grant = state.codes.redeem('oauth', code, now);
  return 'errcode' in grant ? refuse(grant.errcode) : tokenAnswer(state, state.webSessions.begin(grant, now));
}

function refresh({ world, query, now }: OpenCall): Answer {
  if (query.get('grant_type') !== 'refresh_token') refuse(40002);
  const state = world.accounts.get(query.get('appid') || refuse(41002)) ?? refuse(40013);
  const refreshed = state.webSessions.refresh(query.get('refresh_token') ?? '', now);
  if (refreshed === undefined) return refuse(40030);
  return refreshed === 'expired' ? refuse(42002) : tokenAnswer(state, refreshed);
}

/** The session behind a person's token, for the person named. */
function sessionOf(world: World, query: URLSearchParams, now: number): { state: AccountState; session: WebSession } {
  const token = query.get('access_token') || refuse(41001);
  for (const state of world.accounts.values()) {
    const session = state.webSessions.byToken(token, now);
    if (session === 'expired') refuse(42001);
    if (session !== undefined) return session.openid === query.get('openid') ? { state, session } : refuse(40003);
  }
  return refuse(40001);
}

function userInfo({ world, query, now }: OpenCall): Answer {
  const { state, session } = sessionOf(world, query, now);
  if (session.scope !== 'snsapi_userinfo') refuse(48001);
  const { openid, snapshot } = session;
  const follower = state.followers.get(openid) ?? refuse(40003);
  const nickname = snapshot ? '微信用户' : follower.name;
  const place = { sex: 0, province: '', city: '', country: '' }; // empty since 2021-10-20
  return jsonAsText({ openid, nickname, ...place, headimgurl: '', privilege: [], unionid: follower.unionid });
}

function check({ world, query, now }: OpenCall): Answer {
  sessionOf(world, query, now);
  return jsonAsText({ errcode: 0, errmsg: 'ok' });
}

/** Web authorization: the page's address, and what the account's server does with the code. */
export const oauthApis: readonly Api[] = [
  { method: 'GET', path: '/connect/oauth2/authorize', auth: 'open', handle: authorize },
  { method: 'GET', path: '/sns/oauth2/access_token', auth: 'open', handle: exchange },
  { method: 'GET', path: '/sns/oauth2/refresh_token', auth: 'open', handle: refresh },
  { method: 'GET', path: '/sns/userinfo', auth: 'open', handle: userInfo },
  { method: 'GET', path: '/sns/auth', auth: 'open', handle: check },
];
