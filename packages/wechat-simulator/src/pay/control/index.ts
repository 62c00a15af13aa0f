import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import type { PayPlatform } from '../index.ts';
import { operationRoutes } from './operations.ts';
import { orderRoutes } from './orders.ts';

/** `/_sim/pay`: what no merchant can ask of WeChat Pay. Without the merchant's files it says so. */
export function payControlRoutes(router: Router, platform: PayPlatform | undefined): void {
  if (platform !== undefined) {
    operationRoutes(router, platform);
    orderRoutes(router, platform);
    return;
  }
  router.get('/_sim/pay', (ctx) => {
    ctx.body = { on: false };
  });
  router.all('/_sim/pay/*rest', () => {
    throw new AppError('not_found', 'WeChat Pay is off: WECHAT_PAY_DIR and WECHAT_PAY_PLATFORM_DIR are not set');
  });
}
