import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import Koa, { type Middleware } from 'koa';
import { AppError } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import type { Desk } from './desk.ts';
import type { Pay } from './state/pay.ts';
import { answerV2, isV2 } from './v2/mount.ts';
import { answerV3 } from './v3/mount.ts';

export interface PayDeps {
  readonly pay: Pay;
  readonly desk: Desk;
  readonly log: Log;
}

/** What merchants call: v3 under `/v3/`, v2 by its paths. `certified` where the merchant has shown its certificate. */
export function payRoutes(deps: PayDeps, certified: boolean): Middleware {
  return (ctx, next) => {
    if (ctx.path.startsWith('/v3/')) return answerV3(deps, ctx);
    if (isV2(ctx.path)) return answerV2({ ...deps, certified }, ctx);
    return next();
  };
}

export interface TlsServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** The same behind TLS, for those who show the merchant's certificate only (reference A.8). Rejects with `unavailable` when the port is taken. */
export async function listenTls(deps: PayDeps, { host, port }: { host: string; port: number }): Promise<TlsServer> {
  const app = new Koa();
  app.silent = true;
  app.use(payRoutes(deps, true));
  const handle = app.callback();
  const { keys } = deps.pay;
  const tls = { ...keys.tls, ca: keys.merchant.certificatePem, requestCert: true, rejectUnauthorized: true };
  const server = createServer(
    { ...tls, requestTimeout: 10_000 },
    (request, response) => void handle(request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new AppError('unavailable', `cannot listen on ${host}:${port} (TLS)`, { cause })),
    );
    server.listen(port, host, resolve);
  });
  return {
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
