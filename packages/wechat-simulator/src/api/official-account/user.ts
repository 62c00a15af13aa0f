import { refuse } from '../../rules/refusal.ts';
import type { Follower } from '../../state/followers.ts';
import type { AccountState } from '../../state/world.ts';
import { type AccountCall, type Answer, type Api, json, ok } from '../definition.ts';
import { isObject, textField } from '../fields.ts';
import { pageAfter } from './paging.ts';

const kind = 'official-account' as const;

/** Who does not follow is known by openid and unionid alone. Nickname and picture are no longer given (reference 10). */
function shown(follower: Follower, lang: string): object {
  const { openid, unionid } = follower;
  if (!follower.following) return { subscribe: 0, openid, unionid };
  return {
    subscribe: 1,
    openid,
    nickname: '',
    sex: 0,
    language: lang,
    city: '',
    province: '',
    country: '',
    headimgurl: '',
    subscribe_time: follower.subscribedAt,
    unionid,
    remark: follower.remark,
    groupid: follower.tagIds[0] ?? 0,
    tagid_list: follower.tagIds,
    subscribe_scene: follower.subscribeScene,
    qr_scene: follower.qrScene,
    qr_scene_str: follower.qrSceneStr,
  };
}

const followerOf = (state: AccountState, openid: unknown): Follower =>
  (typeof openid === 'string' ? state.followers.get(openid) : undefined) ?? refuse(40003);

function info({ state, query }: AccountCall): Answer {
  return json(shown(followerOf(state, query.get('openid')), query.get('lang') ?? 'zh_CN'));
}

function infoBatch({ state, body }: AccountCall): Answer {
  const asked: unknown = body['user_list'];
  if (!Array.isArray(asked) || asked.length === 0 || asked.length > 100) return refuse(40032);
  const users = asked.map((entry: unknown) => {
    const { openid, lang } = isObject(entry) ? entry : {};
    return shown(followerOf(state, openid), typeof lang === 'string' ? lang : 'zh_CN');
  });
  return json({ user_info_list: users });
}

function list({ state, query }: AccountCall): Answer {
  const openids = state.followers
    .list()
    .filter(({ following }) => following)
    .map(({ openid }) => openid);
  const { page, next } = pageAfter(openids, query.get('next_openid'));
  return json({
    total: openids.length,
    count: page.length,
    ...(page.length > 0 && { data: { openid: page } }),
    next_openid: next,
  });
}

function updateRemark({ state, body }: AccountCall): Answer {
  const follower = followerOf(state, textField(body, 'openid', 40003));
  const remark = body['remark'];
  if (typeof remark !== 'string' || [...remark].length > 30) return refuse(40097, 'remark');
  follower.remark = remark;
  return ok();
}

/** Followers as their account may know them. */
export const userApis: readonly Api[] = [
  { method: 'GET', path: '/cgi-bin/user/info', auth: 'token', kind, handle: info },
  { method: 'POST', path: '/cgi-bin/user/info/batchget', auth: 'token', kind, handle: infoBatch },
  { method: 'GET', path: '/cgi-bin/user/get', auth: 'token', kind, handle: list },
  { method: 'POST', path: '/cgi-bin/user/info/updateremark', auth: 'token', kind, handle: updateRemark },
];
