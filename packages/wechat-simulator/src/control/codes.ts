import type { Router } from '@koa/router';
import { z } from 'zod';
import type { Pusher } from '../push/push.ts';
import type { World } from '../state/world.ts';
import { accountOf, followerOf, readControl } from './request.ts';

const codeShape = z.strictObject({
  appid: z.string().optional(),
  openid: z.string().optional(),
  kind: z.enum(['oauth', 'login', 'phone']),
  scope: z.enum(['snsapi_base', 'snsapi_userinfo']).default('snsapi_base'),
});

const consentShape = z.strictObject({
  appid: z.string().optional(),
  openid: z.string().optional(),
  templateIds: z.array(z.string()).min(1).max(5),
  accept: z.boolean().default(true),
});

/** What a client would hand to the account's server: one-time codes, and consent to messages. */
export function codeRoutes(router: Router, world: World, pusher: Pusher): void {
  router.post('/_sim/codes', async (ctx) => {
    const { appid, openid, kind, scope } = await readControl(ctx, codeShape);
    const state = accountOf(world, appid);
    const follower = followerOf(state, openid);
    const code = state.codes.issue(kind, { openid: follower.openid, scope, snapshot: false }, world.clock.now());
    ctx.body = { code, openid: follower.openid };
  });

  router.get('/_sim/templates', (ctx) => {
    const { appid, openid } = ctx.query;
    const state = accountOf(world, typeof appid === 'string' ? appid : undefined);
    const follower = followerOf(state, typeof openid === 'string' ? openid : undefined);
    const items = state.subscribeTemplates
      .list()
      .map((template) => ({ ...template, permits: state.permits.left(follower.openid, template.id) }));
    ctx.body = { items };
  });

  /** The follower answers the dialog for subscription messages; the account's service is told by push. */
  router.post('/_sim/consents', async (ctx) => {
    const { appid, openid, templateIds, accept } = await readControl(ctx, consentShape);
    const state = accountOf(world, appid);
    const follower = followerOf(state, openid);
    if (accept) for (const id of templateIds) state.permits.accept(follower.openid, id);
    const PopupScene = state.account.kind === 'mini-program' ? '0' : '1';
    const SubscribeStatusString = accept ? 'accept' : 'reject';
    const List = templateIds.map((TemplateId) => ({ TemplateId, SubscribeStatusString, PopupScene }));
    ctx.body = await pusher.push(state, follower, {
      type: 'subscribe_msg_popup',
      fields: { SubscribeMsgPopupEvent: { List } },
    });
  });
}
