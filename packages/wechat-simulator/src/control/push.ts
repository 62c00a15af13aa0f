import type { Router } from '@koa/router';
import { z } from 'zod';
import { actionTypes } from '../push/message.ts';
import type { Pusher } from '../push/push.ts';
import type { World } from '../state/world.ts';
import { accountOf, readControl } from './request.ts';

const pushShape = z.strictObject({
  appid: z.string().optional(),
  /** Somebody unknown becomes a follower (or, with a subscribe or a scan, somebody about to follow). */
  openid: z.string().min(1).max(128).optional(),
  type: z.enum(actionTypes),
  text: z.string().optional(),
  eventKey: z.string().optional(),
  ticket: z.string().optional(),
  mediaId: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
  msgId: z
    .string()
    .regex(/^\d{1,19}$/, 'must be decimal digits')
    .optional(),
  createTime: z.number().int().min(0).optional(),
  repeats: z.enum(['same', 'fresh']).optional(),
});

/** `POST /_sim/push`: something a follower does; answers when the service has answered or all repeats have failed. */
export function pushRoutes(router: Router, world: World, pusher: Pusher): void {
  router.post('/_sim/push', async (ctx) => {
    const { appid, openid, msgId, createTime, repeats, ...action } = await readControl(ctx, pushShape);
    const state = accountOf(world, appid);
    const arriving = action.type === 'subscribe' || action.type === 'scan';
    const follower =
      openid === undefined
        ? (state.followers.list()[0] ?? state.followers.add({ following: !arriving, now: world.clock.now() }))
        : state.followers.add({ openid, following: !arriving, now: world.clock.now() });
    // Somebody who scans the code without following is offered to follow; what is pushed then is the follow.
    const type = action.type === 'scan' && !follower.following ? 'subscribe' : action.type;
    ctx.body = await pusher.push(state, follower, { ...action, type }, { msgId, createTime, repeats });
  });

  /** The latest pushes, newest first; `after` gives those with a greater id. */
  router.get('/_sim/pushes', (ctx) => {
    const openid = ctx.query['openid'];
    const items = world.pushes.list().filter((push) => openid === undefined || push.openid === openid);
    ctx.body = { items: items.toReversed() };
  });
}
