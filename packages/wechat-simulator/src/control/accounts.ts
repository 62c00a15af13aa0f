import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { menuFor } from '../state/menu.ts';
import type { AccountState, World } from '../state/world.ts';
import { accountOf, followerOf, readControl } from './request.ts';

/** An account as the chat page may know it: nothing secret. */
function shown({ account }: AccountState): object {
  const { appid, originalId, name, kind, mode, format, pushUrl } = account;
  return { appid, originalId, name, kind, mode, format, pushUrl };
}

const quotaShape = z.strictObject({
  appid: z.string().optional(),
  path: z.string().startsWith('/'),
  perDay: z.number().int().min(0),
  perMinute: z.number().int().min(0).optional(),
});

const browserShape = z.strictObject({ appid: z.string().optional(), openid: z.string() });

/** The accounts, what a follower's phone shows of them, and their quotas. */
export function accountRoutes(router: Router, world: World): void {
  router.get('/_sim/accounts', (ctx) => {
    ctx.body = { items: [...world.accounts.values()].map(shown) };
  });

  router.get('/_sim/menu', (ctx) => {
    const { appid, openid } = ctx.query;
    const state = accountOf(world, typeof appid === 'string' ? appid : undefined);
    ctx.body = { button: menuFor(state.menu, followerOf(state, typeof openid === 'string' ? openid : undefined)) };
  });

  router.get('/_sim/qr-codes', (ctx) => {
    const state = accountOf(world, typeof ctx.query['appid'] === 'string' ? ctx.query['appid'] : undefined);
    const items = state.qrCodes.list().map(({ expiresAt, ...code }) => ({
      ...code,
      expiresAt: Number.isFinite(expiresAt) ? new Date(expiresAt).toISOString() : null,
    }));
    ctx.body = { items };
  });

  router.post('/_sim/quotas', async (ctx) => {
    const { appid, path, perDay, perMinute } = await readControl(ctx, quotaShape);
    accountOf(world, appid).quotas.setLimit(path, { perDay, ...(perMinute !== undefined && { perMinute }) });
    ctx.status = 204;
  });

  /** Whose phone opens the pages of web authorization from now on. */
  router.post('/_sim/browser', async (ctx) => {
    const { appid, openid } = await readControl(ctx, browserShape);
    const state = accountOf(world, appid);
    state.browsingOpenid = followerOf(state, openid).openid;
    ctx.status = 204;
  });

  router.get('/_sim/media/:id', (ctx) => {
    const id = ctx.params['id'] ?? '';
    const file = [...world.accounts.values()]
      .map((state) => state.media.get(id, world.clock.now()))
      .find((found) => found !== undefined);
    if (file === undefined) throw new AppError('not_found', 'There is no such file (any more)');
    // Uploads come from outside: shown as a picture or downloaded, never as a page of this origin.
    const isPicture = /^image\/(png|jpeg|gif)$/.test(file.contentType);
    ctx.set('Content-Type', isPicture ? file.contentType : 'application/octet-stream');
    ctx.body = file.bytes;
  });
}
