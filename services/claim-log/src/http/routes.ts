import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import type { Middleware } from 'koa';
import type { Pool } from 'pg';
import type { Access } from '../access/access.ts';
import { sumUp } from '../domain/counts.ts';
import type { Mask } from '../domain/mask.ts';
import { loadCounts } from '../store/counts.ts';
import { eventPages } from '../store/pages.ts';
import type { ViewFor } from './event-view.ts';
import { requireMask } from './event-view.ts';
import { refuseFollowerFilter } from './masked.ts';
import { readPage } from './page.ts';
import { parseEventQuery } from './query.ts';
import type { Streams } from './stream-route.ts';

export type RoutesOptions = { pool: Pool; access: Access; mask: Mask | undefined; viewFor: ViewFor; streams: Streams };

/**
 * Questions to the log:
 * - `GET /events?openid=&campaign=&code=&order=&type=&from=&to=&cursor=&limit=`: `{ items, next }`
 * - `GET /events/stream?openid=&campaign=&code=&order=&type=&from=&lastEventId=`: the same as they are written, as server-sent events
 * - `GET /campaigns/{id}/counts`: one campaign's claims and refusals; 404 when no event names it
 * - `GET /counts`: `{ items }`, one entry per campaign
 */
export function routes({ pool, access, mask, viewFor, streams }: RoutesOptions): Middleware {
  const router = new Router();
  const pages = eventPages(pool);
  router.get('/events', async (ctx) => {
    const { role } = access.reader(ctx, 'personal');
    const params = new URLSearchParams(ctx.querystring);
    if (role === 'personal') {
      ctx.body = await readPage(pages, parseEventQuery(params), viewFor(role));
      return;
    }
    const { open, close } = requireMask(mask);
    const cursor = params.get('cursor');
    if (cursor) params.set('cursor', open(cursor));
    const query = parseEventQuery(params);
    refuseFollowerFilter(role, query.filter);
    const { items, next } = await readPage(pages, query, viewFor(role));
    ctx.body = { items, next: next === null ? null : close(next) };
  });
  router.get('/events/stream', streams.answer);
  router.get('/campaigns/:id/counts', async (ctx) => {
    access.reader(ctx, 'personal');
    const [counts] = sumUp(await loadCounts(pool, ctx.params['id']));
    if (counts === undefined) throw new AppError('not_found', 'no event names this campaign');
    ctx.body = counts;
  });
  router.get('/counts', async (ctx) => {
    access.reader(ctx, 'personal');
    ctx.body = { items: sumUp(await loadCounts(pool)) };
  });
  return router.routes() as unknown as Middleware;
}
