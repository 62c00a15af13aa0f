import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import type { Middleware } from 'koa';
import type { Pool } from 'pg';
import { sumUp } from '../domain/counts.ts';
import { loadCounts } from '../store/counts.ts';
import { eventPages } from '../store/pages.ts';
import { readPage } from './page.ts';
import { parseEventQuery } from './query.ts';

/**
 * Questions to the log:
 * - `GET /events?openid=&campaign=&code=&type=&from=&to=&cursor=&limit=`: `{ items, next }`
 * - `GET /campaigns/{id}/counts`: one campaign's claims and refusals; 404 when no event names it
 * - `GET /counts`: `{ items }`, one entry per campaign
 */
export function routes(pool: Pool): Middleware {
  const router = new Router();
  const pages = eventPages(pool);
  router.get('/events', async (ctx) => {
    ctx.body = await readPage(pages, parseEventQuery(new URLSearchParams(ctx.querystring)));
  });
  router.get('/campaigns/:id/counts', async (ctx) => {
    const [counts] = sumUp(await loadCounts(pool, ctx.params['id']));
    if (counts === undefined) throw new AppError('not_found', 'no event names this campaign');
    ctx.body = counts;
  });
  router.get('/counts', async (ctx) => {
    ctx.body = { items: sumUp(await loadCounts(pool)) };
  });
  return router.routes() as unknown as Middleware;
}
