import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { type Action, actionTypes } from '../push/message.ts';
import type { Pusher } from '../push/push.ts';
import { newOpaque } from '../state/ids.ts';
import type { Follower } from '../state/followers.ts';
import type { AccountState, World } from '../state/world.ts';
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

function personOf(state: AccountState, openid: string | undefined, type: Action['type'], now: number): Follower {
  const first = openid === undefined ? state.followers.list()[0] : undefined;
  if (first !== undefined) return first;
  const following = type !== 'subscribe' && type !== 'scan';
  return state.followers.add({ following, now, ...(openid !== undefined && { openid }) });
}

/** A scan of one of the account's codes: scene and ticket go together. Throws `conflict` for a code that has run out. */
function scanned(state: AccountState, action: Action, now: number): Action {
  const code =
    action.ticket === undefined ? state.qrCodes.byScene(action.eventKey ?? '') : state.qrCodes.byTicket(action.ticket);
  if (code !== undefined && code.expiresAt <= now) throw new AppError('conflict', 'This QR code has expired');
  const ticket = code?.ticket ?? action.ticket ?? `gQ${newOpaque(70)}==`;
  return { ...action, ticket, eventKey: action.eventKey ?? code?.scene ?? '' };
}

/** Somebody who scans a code without following is offered to follow; what is pushed then is the follow. */
function asPushed(state: AccountState, follower: Follower, action: Action, now: number): Action {
  const isScene = action.type === 'subscribe' && (action.eventKey !== undefined || action.ticket !== undefined);
  if (action.type !== 'scan' && !isScene) return action;
  const type = action.type === 'scan' && !follower.following ? 'subscribe' : action.type;
  return { ...scanned(state, action, now), type };
}

/** `POST /_sim/push`: something a follower does; answers when the service has answered or all repeats have failed. */
export function pushRoutes(router: Router, world: World, pusher: Pusher): void {
  router.post('/_sim/push', async (ctx) => {
    const { appid, openid, msgId, createTime, repeats, ...action } = await readControl(ctx, pushShape);
    const state = accountOf(world, appid);
    const now = world.clock.now();
    const follower = personOf(state, openid, action.type, now);
    const options = { msgId, createTime, repeats };
    ctx.body = await pusher.push(state, follower, asPushed(state, follower, action, now), options);
  });

  router.get('/_sim/pushes', (ctx) => {
    const { openid, appid } = ctx.query;
    const items = world.pushes
      .list()
      .filter(
        (push) => (openid === undefined || push.openid === openid) && (appid === undefined || push.appid === appid),
      );
    ctx.body = { items: items.toReversed() };
  });
}
