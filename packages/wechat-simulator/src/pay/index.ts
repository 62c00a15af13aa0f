import { join } from 'node:path';
import type { Middleware } from 'koa';
import type { Log } from '@lingquan/log';
import type { World } from '../state/world.ts';
import { type Desk, createDesk } from './desk.ts';
import { type NoticeDelivery, type Notices, createNotices } from './notices/notices.ts';
import { listenTls, payRoutes } from './platform.ts';
import { openBookFile } from './state/book-file.ts';
import { readKeys } from './state/keys.ts';
import { type Pay, createPay } from './state/pay.ts';

export interface PaySettingsOfStart {
  readonly merchantDir: string;
  readonly platformDir: string;
  /** 0 lets the system choose. */
  readonly tlsPort: number;
  /** Keeps orders and refunds in the platform's folder, so that the next start has them. */
  readonly keepBook?: boolean;
}

/** WeChat Pay, running. */
export interface PayPlatform {
  readonly pay: Pay;
  readonly desk: Desk;
  readonly notices: Notices;
  readonly routes: Middleware;
  /** Where v2 calls that need the merchant's certificate go. */
  readonly tlsUrl: string;
  readonly stop: () => Promise<void>;
}

export interface PayStart extends NoticeDelivery {
  readonly world: World;
  readonly log: Log;
  readonly host: string;
}

/** Starts WeChat Pay for the merchant whose files are there. Throws `invalid` when they are not, `unavailable` when the TLS port is taken. */
export async function startPay(settings: PaySettingsOfStart, start: PayStart): Promise<PayPlatform> {
  const { world, log, host } = start;
  const keys = await readKeys(settings.merchantDir, settings.platformDir);
  const { appid, openid } = keys.merchant;
  const account = world.accounts.get(appid);
  if (account === undefined) log.warn({ appid }, 'the merchant is bound to an account the simulator does not have');
  else if (openid !== '') account.followers.add({ openid, following: true, now: world.clock.now() });
  const file = settings.keepBook === true ? await openBookFile(join(settings.platformDir, 'book.jsonl')) : undefined;
  const pay = createPay(world, keys, file);
  const notices = createNotices(pay, start);
  const desk = createDesk(pay, notices);
  const deps = { pay, desk, log };
  const tls = await listenTls(deps, { host, port: settings.tlsPort });
  const stop = async () => {
    desk.stop();
    await tls.stop();
    await file?.close();
  };
  return { pay, desk, notices, routes: payRoutes(deps, false), tlsUrl: tls.url, stop };
}
