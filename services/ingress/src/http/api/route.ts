import { parse as parseQuery } from 'node:querystring';
import { codeOf } from '@lingquan/errors';
import type { ErrorCode } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import type { Context, Middleware } from 'koa';
import type { Addresses } from '../../domain/addresses.ts';
import { bearerOf } from '../../domain/secret.ts';
import type { Metrics } from '../../metrics.ts';
import type { Session, Sessions } from '../../store/sessions.ts';
import { drain } from '../body.ts';
import { originOf } from '../client-address.ts';
import { readJson } from '../json-body.ts';
import type { ApiAnswer, ApiCall, ApiRoute } from './call.ts';
import { Refusal } from './refusal.ts';
import type { RefusalCode } from './refusal.ts';
import { routeTable } from './table.ts';

export type ApiOptions = {
  routes: readonly ApiRoute[];
  sessions: Sessions;
  isProxy: Addresses;
  metrics: Metrics;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
};

/**
 * `/api` and `/redemptions`: finds the route, who is logged in, and the body; refusals are JSON with a stable code. There is no CORS and
 * there are no cookies: a page of another origin can do nothing here.
 */
export function apiRoute(options: ApiOptions): Middleware {
  const { sessions, metrics, log } = options;
  const find = routeTable(options.routes);

  async function answer(ctx: Context, route: ApiRoute, params: Record<string, string>): Promise<ApiAnswer> {
    const nowMs = options.now();
    const header = (name: string) => ctx.get(name);
    const session = route.access === 'session' ? await sessionOf(ctx) : undefined;
    if (route.access === 'anyone') route.admit?.({ header });
    const call: ApiCall = {
      params,
      query: { ...parseQuery(ctx.querystring) },
      body: route.method === 'POST' ? await readJson(ctx.req) : undefined,
      header,
      address: originOf(ctx.req, options.isProxy).address,
      nowMs,
    };
    return route.access === 'session' ? route.handle({ ...call, session: session! }) : route.handle(call);
  }

  async function sessionOf(ctx: Context): Promise<Session> {
    const token = bearerOf(ctx.get('authorization'));
    const session = token === undefined ? undefined : await sessions.find(token);
    if (session === undefined) throw new Refusal('not_logged_in');
    if (ctx.method === 'POST' && (await sessions.isOver(session))) throw new Refusal('too_many_requests');
    return session;
  }

  async function serve(ctx: Context): Promise<void> {
    const found = find(ctx.method, ctx.path);
    const route = found.kind === 'route' ? `${found.route.method} ${found.route.path}` : 'none';
    try {
      if (found.kind === 'nothing') throw new Refusal('not_found');
      if (found.kind === 'method') {
        ctx.set('Allow', found.allow);
        throw new Refusal('method_not_allowed');
      }
      const { status, body } = await answer(ctx, found.route, found.params);
      ctx.status = status;
      ctx.body = body;
    } catch (error) {
      refuse(ctx, asRefusal(error));
    }
    ctx.set('Cache-Control', 'no-store');
    metrics.apiRequest(route, ctx.status);
  }

  function asRefusal(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    const code = codeOf(error);
    if (code === 'internal') log.error({ err: error }, 'a request failed');
    return new Refusal(refusalOf[code]);
  }

  return (ctx, next) => (ctx.path.startsWith('/api/') || ctx.path.startsWith('/redemptions') ? serve(ctx) : next());
}

/** Only what a dependency or a shared rule threw gets here: the handlers' own refusals are Refusals. */
const refusalOf: Record<ErrorCode, RefusalCode> = {
  invalid: 'invalid',
  unauthorized: 'not_logged_in',
  not_found: 'not_found',
  conflict: 'try_later',
  unavailable: 'try_later',
  internal: 'internal',
};

function refuse(ctx: Context, refusal: Refusal): void {
  drain(ctx.req);
  ctx.status = refusal.status;
  if (refusal.status === 503) ctx.set('Retry-After', '1');
  if (refusal.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  ctx.body = refusal.body;
}
