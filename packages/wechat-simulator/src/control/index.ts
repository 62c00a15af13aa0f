import type { Context, Middleware, Next } from 'koa';
import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import type { Dispatcher } from 'undici';
import type { Config } from '../config.ts';
import { payControlRoutes } from '../pay/control/index.ts';
import type { PayPlatform } from '../pay/index.ts';
import type { Pusher } from '../push/push.ts';
import type { World } from '../state/world.ts';
import { accountRoutes } from './accounts.ts';
import { codeRoutes } from './codes.ts';
import { eventRoutes } from './events.ts';
import { faultRoutes } from './faults.ts';
import { followerRoutes } from './followers.ts';
import { pushRoutes } from './push.ts';
import { qrRoutes } from './qr.ts';
import { shopRoutes } from './shop.ts';
import { verifyRoutes } from './verify.ts';
import { watchRoutes } from './watch.ts';

/** A page from elsewhere, open in the same browser, must not act here: its requests carry its own Origin. */
async function refuseForeignPages(ctx: Context, next: Next): Promise<void> {
  const origin = ctx.get('origin');
  if (origin !== '' && URL.parse(origin)?.host !== ctx.host)
    throw new AppError('unauthorized', 'Only the simulator’s own page may do this');
  await next();
}

export interface ControlDeps {
  readonly world: World;
  readonly pusher: Pusher;
  readonly dispatcher: Dispatcher;
  /** Undefined without the merchant's files. */
  readonly payPlatform: PayPlatform | undefined;
  readonly config: Pick<Config, 'claimLogUrl' | 'ingressUrl' | 'tillToken' | 'pushTimeoutMs'>;
  /** Ends open streams. */
  readonly stopping: AbortSignal;
}

/** The control interface, `/_sim/`: what no account can ask of the platform. The README describes it. */
export function controlRoutes({ world, pusher, payPlatform, dispatcher, config, stopping }: ControlDeps): Middleware {
  const router = new Router();
  router.use(refuseForeignPages);
  pushRoutes(router, world, pusher);
  followerRoutes(router, world);
  accountRoutes(router, world);
  codeRoutes(router, world, pusher);
  faultRoutes(router, world);
  watchRoutes(router, world, stopping);
  eventRoutes(router, config.claimLogUrl, dispatcher);
  shopRoutes(router, config, dispatcher);
  qrRoutes(router);
  payControlRoutes(router, payPlatform);
  verifyRoutes(router, world, { dispatcher, timeoutMs: config.pushTimeoutMs });
  return router.routes() as unknown as Middleware;
}
