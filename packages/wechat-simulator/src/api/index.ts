import type { Middleware } from 'koa';
import { type ApiDeps, apiRoutes } from './mount.ts';
import { customerServiceApis } from './shared/customer-service.ts';
import { tokenApis } from './shared/token.ts';

/** Every interface of the Official Account and mini-program platform that is reproduced. */
export function platformRoutes(deps: ApiDeps, ipAllowList: readonly string[]): Middleware {
  return apiRoutes([...tokenApis(ipAllowList), ...customerServiceApis], deps);
}
