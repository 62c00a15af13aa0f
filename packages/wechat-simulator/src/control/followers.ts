import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import type { Follower } from '../state/followers.ts';
import type { AccountState, World } from '../state/world.ts';
import { accountOf, followerOf, readControl } from './request.ts';

/** A follower as the control interface shows them. */
function shown({ account }: AccountState, follower: Follower, now: number): object {
  const { openid, unionid, name, following, remark, tagIds, blacklisted, refusesMessages, phone } = follower;
  const windows = follower.windows
    .filter((window) => window.closesAt > now)
    .map(({ reason, left, closesAt }) => ({ reason, left, closesAt: new Date(closesAt).toISOString() }));
  return {
    appid: account.appid,
    openid,
    unionid,
    name,
    following,
    remark,
    tagIds,
    blacklisted,
    refusesMessages,
    phone,
    windows,
  };
}

const addShape = z.strictObject({
  appid: z.string().optional(),
  openid: z.string().min(1).max(128).optional(),
  openids: z.array(z.string().min(1).max(128)).max(100_000).optional(),
  name: z.string().max(40).optional(),
  following: z.boolean().default(true),
});

const changeShape = z.strictObject({ appid: z.string().optional(), refusesMessages: z.boolean() });

/** Who there is, what they have seen, and people added or changed without a push. */
export function followerRoutes(router: Router, world: World): void {
  const now = () => world.clock.now();

  router.get('/_sim/followers', (ctx) => {
    const { appid, limit } = ctx.query;
    const states = typeof appid === 'string' ? [accountOf(world, appid)] : [...world.accounts.values()];
    const followers = states.flatMap((state) => state.followers.list().map((follower) => ({ state, follower })));
    const items = followers.slice(0, Number(limit ?? 1000)).map(({ state, follower }) => shown(state, follower, now()));
    ctx.body = { items, total: followers.length };
  });

  router.post('/_sim/followers', async (ctx) => {
    const { appid, openid, openids, name, following } = await readControl(ctx, addShape);
    const state = accountOf(world, appid);
    const add = (one: string | undefined) =>
      state.followers.add({
        following,
        now: now(),
        ...(one === undefined ? {} : { openid: one }),
        ...(name === undefined ? {} : { name }),
      });
    if (openids !== undefined) {
      for (const one of openids) add(one);
      ctx.body = { added: openids.length };
    } else {
      ctx.body = shown(state, add(openid), now());
    }
    world.feed.publish('followers', { appid: state.account.appid });
  });

  router.patch('/_sim/followers/:openid', async (ctx) => {
    const { appid, refusesMessages } = await readControl(ctx, changeShape);
    const state = accountOf(world, appid);
    const follower = followerOf(state, ctx.params['openid']);
    follower.refusesMessages = refusesMessages;
    world.feed.publish('followers', { appid: state.account.appid });
    ctx.body = shown(state, follower, now());
  });

  router.get('/_sim/messages', (ctx) => {
    const { openid, appid } = ctx.query;
    if (typeof openid !== 'string') throw new AppError('invalid', 'openid is missing');
    const states = typeof appid === 'string' ? [accountOf(world, appid)] : [...world.accounts.values()];
    ctx.body = { items: states.flatMap((state) => state.chat.of(openid)) };
  });
}
