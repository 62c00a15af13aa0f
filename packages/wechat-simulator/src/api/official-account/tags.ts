import { refuse } from '../../rules/refusal.ts';
import { openidsPerBatchMax, tagsPerFollowerMax } from '../../rules/tags.ts';
import type { Follower } from '../../state/followers.ts';
import type { AccountState } from '../../state/world.ts';
import { type AccountCall, type Answer, type Api, json, ok } from '../definition.ts';
import { numberField, objectField, textField, textsField } from '../fields.ts';
import { pageAfter } from './paging.ts';

const kind = 'official-account' as const;

/** All of them or a refusal: one wrong openid fails the whole batch (reference 10). */
function followersOf(state: AccountState, openids: readonly string[], most: number): Follower[] {
  if (openids.length === 0 || openids.length > most) refuse(40032);
  return openids.map((openid) => state.followers.get(openid) ?? refuse(40003));
}

const taggedWith = (state: AccountState, id: number): Follower[] =>
  state.followers.list().filter((follower) => follower.tagIds.includes(id));

function create({ state, body }: AccountCall): Answer {
  const tag = state.tags.create(textField(objectField(body, 'tag'), 'name', 45157));
  return 'errcode' in tag ? refuse(tag.errcode) : json({ tag: { id: tag.id, name: tag.name } });
}

function list({ state }: AccountCall): Answer {
  return json({ tags: state.tags.list().map(({ id, name }) => ({ id, name, count: taggedWith(state, id).length })) });
}

function rename({ state, body }: AccountCall): Answer {
  const tag = objectField(body, 'tag');
  const verdict = state.tags.rename(numberField(tag, 'id', 45159), textField(tag, 'name', 45157));
  return verdict === 'ok' ? ok() : refuse(verdict);
}

function remove({ state, body }: AccountCall): Answer {
  const id = numberField(objectField(body, 'tag'), 'id', 45159);
  const verdict = state.tags.remove(id);
  if (verdict !== 'ok') refuse(verdict);
  for (const follower of taggedWith(state, id)) follower.tagIds = follower.tagIds.filter((other) => other !== id);
  return ok();
}

function tagOf({ state, body }: AccountCall): number {
  const id = numberField(body, 'tagid', 45159);
  return state.tags.has(id) ? id : refuse(45159);
}

function members(call: AccountCall): Answer {
  const openids = taggedWith(call.state, tagOf(call)).map(({ openid }) => openid);
  const { page, next } = pageAfter(openids, call.body['next_openid']);
  return json({ count: page.length, ...(page.length > 0 && { data: { openid: page } }), next_openid: next });
}

function tagFollowers(call: AccountCall): Answer {
  const id = tagOf(call);
  const followers = followersOf(call.state, textsField(call.body, 'openid_list', 40032), openidsPerBatchMax);
  if (followers.some(({ tagIds }) => !tagIds.includes(id) && tagIds.length >= tagsPerFollowerMax)) refuse(45059);
  for (const follower of followers) if (!follower.tagIds.includes(id)) follower.tagIds = [...follower.tagIds, id];
  return ok();
}

function untagFollowers(call: AccountCall): Answer {
  const id = tagOf(call);
  const followers = followersOf(call.state, textsField(call.body, 'openid_list', 40032), openidsPerBatchMax);
  for (const follower of followers) follower.tagIds = follower.tagIds.filter((other) => other !== id);
  return ok();
}

function tagsOf({ state, body }: AccountCall): Answer {
  const follower = state.followers.get(textField(body, 'openid', 40003)) ?? refuse(40003);
  return json({ tagid_list: follower.tagIds });
}

const blacklistBatchMax = 20;

function blacklist({ state, body }: AccountCall): Answer {
  const openids = state.followers
    .list()
    .filter((follower) => follower.blacklisted)
    .map(({ openid }) => openid);
  const { page, next } = pageAfter(openids, body['begin_openid']);
  return json({
    total: openids.length,
    count: page.length,
    ...(page.length > 0 && { data: { openid: page } }),
    next_openid: next,
  });
}

const setBlacklisted =
  (blacklisted: boolean) =>
  ({ state, body }: AccountCall): Answer => {
    for (const follower of followersOf(state, textsField(body, 'openid_list', 40032), blacklistBatchMax))
      follower.blacklisted = blacklisted;
    return ok();
  };

/** Tags and the blacklist. */
export const tagApis: readonly Api[] = [
  { method: 'POST', path: '/cgi-bin/tags/create', auth: 'token', kind, handle: create },
  { method: 'GET', path: '/cgi-bin/tags/get', auth: 'token', kind, handle: list },
  { method: 'POST', path: '/cgi-bin/tags/update', auth: 'token', kind, handle: rename },
  { method: 'POST', path: '/cgi-bin/tags/delete', auth: 'token', kind, handle: remove },
  { method: 'POST', path: '/cgi-bin/user/tag/get', auth: 'token', kind, handle: members },
  { method: 'POST', path: '/cgi-bin/tags/members/batchtagging', auth: 'token', kind, handle: tagFollowers },
  { method: 'POST', path: '/cgi-bin/tags/members/batchuntagging', auth: 'token', kind, handle: untagFollowers },
  { method: 'POST', path: '/cgi-bin/tags/getidlist', auth: 'token', kind, handle: tagsOf },
  { method: 'POST', path: '/cgi-bin/tags/members/getblacklist', auth: 'token', kind, handle: blacklist },
  { method: 'POST', path: '/cgi-bin/tags/members/batchblacklist', auth: 'token', kind, handle: setBlacklisted(true) },
  {
    method: 'POST',
    path: '/cgi-bin/tags/members/batchunblacklist',
    auth: 'token',
    kind,
    handle: setBlacklisted(false),
  },
];
