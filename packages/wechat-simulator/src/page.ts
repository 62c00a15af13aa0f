import { readFile, readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Middleware } from 'koa';

const folder = new URL('./page/', import.meta.url);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline: what a follower or a service writes can never become code here. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The chat page: the files of `src/page/`, read anew each time so that an edit shows at the next reload. */
export async function pageRoutes(): Promise<Middleware> {
  const names = new Set(await readdir(folder));
  return async (ctx, next) => {
    const name = ctx.path === '/' ? 'index.html' : ctx.path.slice(1);
    if (!names.has(name) || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    ctx.set({
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-cache',
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
    });
    ctx.body = await readFile(new URL(name, folder));
  };
}
