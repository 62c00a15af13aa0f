import { PassThrough } from 'node:stream';
import type { Router } from '@koa/router';
import { z } from 'zod';
import type { World } from '../state/world.ts';
import { readControl } from './request.ts';

const clockShape = z.strictObject({ shiftMs: z.number().int().min(-4e10).max(4e10) });
const keepAliveMs = 15_000;

/** Looking on: the calls received, the clock, and everything as it happens. `stopping` ends open streams. */
export function watchRoutes(router: Router, world: World, stopping: AbortSignal): void {
  router.get('/_sim/calls', (ctx) => {
    const { path, appid } = ctx.query;
    const items = world.calls
      .list()
      .filter((call) => (path === undefined || call.path === path) && (appid === undefined || call.appid === appid));
    ctx.body = { items };
  });

  router.delete('/_sim/calls', (ctx) => {
    world.calls.clear();
    ctx.status = 204;
  });

  const clock = () => ({ now: new Date(world.clock.now()).toISOString(), shiftMs: world.clock.shiftMs() });
  router.get('/_sim/clock', (ctx) => {
    ctx.body = clock();
  });

  router.post('/_sim/clock', async (ctx) => {
    const { shiftMs } = await readControl(ctx, clockShape);
    world.clock.setShift(shiftMs);
    world.feed.publish('clock', clock());
    ctx.body = clock();
  });

  router.get('/_sim/stream', (ctx) => {
    const stream = new PassThrough();
    const stop = world.feed.subscribe(({ type, data }) =>
      stream.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`),
    );
    const alive = setInterval(() => stream.write(': alive\n\n'), keepAliveMs);
    const end = () => stream.end();
    stopping.addEventListener('abort', end, { once: true });
    stream.on('close', () => {
      stop();
      clearInterval(alive);
      stopping.removeEventListener('abort', end);
    });
    stream.write('retry: 1000\n\n');
    ctx.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    ctx.body = stream;
  });
}
