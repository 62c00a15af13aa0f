import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import type { World } from '../state/world.ts';
import { readControl } from './request.ts';

const milliseconds = z.number().int().min(1).max(600_000);

const faultShape = z
  .strictObject({
    on: z.enum(['api', 'push']).default('api'),
    kind: z.enum(['slow', 'lost', 'errcode', 'http', 'not-json', 'reset']),
    ms: milliseconds.optional(),
    when: z.enum(['before', 'after']).optional(),
    errcode: z.number().int().optional(),
    status: z.number().int().min(300).max(599).optional(),
    path: z.string().startsWith('/').optional(),
    appid: z.string().optional(),
    /** How many calls it meets; until it is taken away when left out. */
    times: z.number().int().min(1).optional(),
  })
  .refine((fault) => fault.kind !== 'slow' || fault.ms !== undefined, 'slow needs ms')
  .refine((fault) => fault.kind !== 'errcode' || fault.errcode !== undefined, 'errcode needs errcode')
  .refine(
    (fault) => fault.on === 'api' || ['slow', 'lost', 'reset'].includes(fault.kind),
    'pushes know slow, lost and reset',
  )
  .refine((fault) => fault.on === 'api' || fault.path === undefined, 'pushes have no path');

/** What goes wrong on request, and until when. */
export function faultRoutes(router: Router, world: World): void {
  router.get('/_sim/faults', (ctx) => {
    ctx.body = { items: world.faults.list() };
  });

  router.post('/_sim/faults', async (ctx) => {
    const { times, ...fault } = await readControl(ctx, faultShape);
    ctx.body = world.faults.add({ ...fault, left: times });
  });

  router.delete('/_sim/faults', (ctx) => {
    world.faults.clear();
    ctx.status = 204;
  });

  router.delete('/_sim/faults/:id', (ctx) => {
    if (!world.faults.remove(Number(ctx.params['id'])))
      throw new AppError('not_found', 'There is no such fault any more');
    ctx.status = 204;
  });
}
