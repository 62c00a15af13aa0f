import type { Middleware } from 'koa';
import type { Config } from '../config.ts';
import type { Api } from './definition.ts';
import { codeImageApis } from './mini-program/code-image.ts';
import { contentCheckApis } from './mini-program/content-check.ts';
import { loginApis } from './mini-program/login.ts';
import { type ApiDeps, apiRoutes } from './mount.ts';
import { datacubeApis } from './official-account/datacube.ts';
import { menuApis } from './official-account/menu.ts';
import { oauthApis } from './official-account/oauth.ts';
import { qrCodeApis } from './official-account/qrcode.ts';
import { tagApis } from './official-account/tags.ts';
import { templateApis } from './official-account/template.ts';
import { userApis } from './official-account/user.ts';
import { customerServiceApis } from './shared/customer-service.ts';
import { mediaApis } from './shared/media.ts';
import { networkApis } from './shared/network.ts';
import { quotaApis } from './shared/quota.ts';
import { subscribeApis } from './shared/subscribe.ts';
import { ticketApis } from './shared/ticket.ts';
import { tokenApis } from './shared/token.ts';

/** Every interface of the Official Account and mini-program platform that is reproduced. */
export function platformRoutes(deps: ApiDeps, config: Pick<Config, 'ipAllowList' | 'callbackIps'>): Middleware {
  const paths = new Set<string>();
  const apis: readonly Api[] = [
    ...tokenApis(config.ipAllowList),
    ...networkApis(config.callbackIps),
    ...quotaApis(paths),
    ...customerServiceApis,
    ...subscribeApis,
    ...mediaApis,
    ...ticketApis,
    ...userApis,
    ...tagApis,
    ...menuApis,
    ...qrCodeApis,
    ...templateApis,
    ...oauthApis,
    ...datacubeApis,
    ...loginApis,
    ...codeImageApis,
    ...contentCheckApis,
  ];
  for (const { path } of apis) if (path.startsWith('/cgi-bin/') || path.startsWith('/wxa')) paths.add(path);
  return apiRoutes(apis, deps);
}
