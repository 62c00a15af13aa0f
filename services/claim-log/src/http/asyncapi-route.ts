import { readFile } from 'node:fs/promises';
import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import type { Middleware } from 'koa';

const folder = new URL('../../../../docs/asyncapi/', import.meta.url);

/** The page allows its own style and script by their hashes and nothing else; a header alone can say who may frame it. */
const headers = {
  'Content-Security-Policy': "frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

/** What every event means, for everybody: `GET /asyncapi` for people, `GET /asyncapi.json` for tools. They stand in docs/asyncapi. */
export function asyncapiRoutes(): Middleware {
  const router = new Router({ strict: true }); // the page's link to the document is relative: /asyncapi/ would break it
  router.get('/asyncapi', async (ctx) => {
    ctx.set(headers);
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = await fileText('index.html');
  });
  router.get('/asyncapi.json', async (ctx) => {
    ctx.set(headers);
    ctx.type = 'application/json; charset=utf-8';
    ctx.body = await fileText('asyncapi.json');
  });
  return router.routes() as unknown as Middleware;
}

async function fileText(name: string): Promise<string> {
  try {
    return await readFile(new URL(name, folder), 'utf8');
  } catch (cause) {
    throw new AppError('not_found', `docs/asyncapi/${name} is not there: npm run generate`, { cause });
  }
}
