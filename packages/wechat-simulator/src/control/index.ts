import type { Context, Middleware, Next } from 'koa';
import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import type { Pusher } from '../push/push.ts';
import type { World } from '../state/world.ts';
import { faultRoutes } from './faults.ts';
import { followerRoutes } from './followers.ts';
import { pushRoutes } from './push.ts';
import { watchRoutes } from './watch.ts';

/** A page from elsewhere, open in the same browser, must not act here: its requests carry its own Origin. */
async function refuseForeignPages(ctx: Context, next: Next): Promise<void> {
  const origin = ctx.get('origin');
  if (origin !== '' && URL.parse(origin)?.host !== ctx.host)
    throw new AppError('unauthorized', 'Only the simulator’s own page may do this');
  await next();
}

/** The control interface, `/_sim/`: what no account can ask of the platform. The README describes it. */
export function controlRoutes(world: World, pusher: Pusher, stopping: AbortSignal): Middleware {
  const router = new Router();
  router.use(refuseForeignPages);
  pushRoutes(router, world, pusher);
  followerRoutes(router, world);
  faultRoutes(router, world);
  watchRoutes(router, world, stopping);
  return router.routes() as unknown as Middleware;
}
