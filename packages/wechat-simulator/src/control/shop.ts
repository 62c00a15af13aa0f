import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import type { Dispatcher } from 'undici';
import type { Config } from '../config.ts';
import { passOn } from './pass-on.ts';

/**
 * What the chat page needs of ingress to be a mini program and a till: `/api/…` as it is, and `/redemptions` with the tills' token,
 * which the page never sees.
 */
export function shopRoutes(
  router: Router,
  { ingressUrl, tillToken }: Pick<Config, 'ingressUrl' | 'tillToken'>,
  dispatcher: Dispatcher,
): void {
  const ingress = (): string => {
    if (ingressUrl === undefined) throw new AppError('unavailable', 'There is no shop: INGRESS_URL is not set');
    return ingressUrl;
  };
  router.all('/_sim/shop/*path', (ctx) =>
    passOn(ctx, `${ingress()}/api/${ctx.path.slice('/_sim/shop/'.length)}${ctx.search}`, dispatcher),
  );
  router.post('/_sim/till/redemptions', (ctx) => {
    if (tillToken === undefined) throw new AppError('unavailable', 'There is no till: TILL_TOKEN is not set');
    return passOn(ctx, `${ingress()}/redemptions`, dispatcher, { authorization: `Bearer ${tillToken}` });
  });
}
