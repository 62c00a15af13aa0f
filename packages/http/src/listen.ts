import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from '@koa/router';
import { AppError, messageOf } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import Koa from 'koa';
import type { Middleware } from 'koa';
import { collectDefaultMetrics } from 'prom-client';
import type { Registry } from 'prom-client';
import { errorAnswers } from './errors.ts';

export type ListenOptions = {
  host: string;
  /** 0 takes a free port. */
  port: number;
  log: Log;
  metrics: Registry;
  /** Resolves when this service can do its work; throws, saying what is missing, when it cannot. */
  ready: () => Promise<void> | void;
  /** The service's own routes, tried in this order. */
  routes: Middleware[];
  /** How many trusted proxies stand in front; 0 means the socket's address is the client's. */
  proxies?: number;
};

export type HttpServer = {
  url: string;
  /** Stops taking connections, lets open requests end (10 s at most), then closes. */
  stop: () => Promise<void>;
};

const STOP_MS = 10_000;

/** `GET /healthz` (alive), `GET /readyz` (able to work) and `GET /metrics` (Prometheus): the same on every service. */
function operations({ ready, metrics }: Pick<ListenOptions, 'ready' | 'metrics'>): Middleware {
  const router = new Router();
  router.get('/healthz', (ctx) => void (ctx.body = { status: 'ok' }));
  router.get('/readyz', async (ctx) => {
    try {
      await ready();
      ctx.body = { status: 'ready' };
    } catch (error) {
      ctx.status = 503;
      ctx.body = { status: 'not ready', message: messageOf(error) };
    }
  });
  router.get('/metrics', async (ctx) => {
    ctx.type = metrics.contentType;
    ctx.body = await metrics.metrics();
  });
  return router.routes() as unknown as Middleware;
}

/** Opens one HTTP server with `routes` and the operations endpoints. Rejects with `unavailable` when the port is taken. */
export async function listen(options: ListenOptions): Promise<HttpServer> {
  const app = new Koa({ proxy: (options.proxies ?? 0) > 0, maxIpsCount: options.proxies ?? 0 });
  app.silent = true;
  collectDefaultMetrics({ register: options.metrics });
  app.use(errorAnswers(options.log));
  for (const routes of options.routes) app.use(routes);
  app.use(operations(options));

  const handle = app.callback();
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 8_000, keepAliveTimeout: 65_000 },
    (request, response) => void handle(request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new AppError('unavailable', `cannot listen on ${options.host}:${options.port}`, { cause })),
    );
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${options.host}:${port}`, stop: () => stop(server) };
}

async function stop(server: ReturnType<typeof createServer>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), STOP_MS);
  await closed;
  clearTimeout(timer);
}
