import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { type FaultPlace, kindsOn } from '../state/faults.ts';
import type { World } from '../state/world.ts';
import { readControl } from './request.ts';

const milliseconds = z.number().int().min(1).max(600_000);

const faultShape = z
  .strictObject({
    on: z.enum(Object.keys(kindsOn) as FaultPlace[]).default('api'),
    kind: z.enum(Object.values(kindsOn).flat()),
    ms: milliseconds.optional(),
    when: z.enum(['before', 'after']).optional(),
    errcode: z.number().int().optional(),
    code: z
      .string()
      .regex(/^[A-Z_]{1,64}$/)
      .optional(),
    status: z.number().int().min(300).max(599).optional(),
    of: z.enum(['transaction', 'refund']).optional(),
    chance: z.number().min(0).max(1).optional(),
    path: z.string().startsWith('/').optional(),
    appid: z.string().optional(),
    /** How many calls it meets; until it is taken away when left out. */
    times: z.number().int().min(1).optional(),
  })
  .refine((fault) => fault.kind !== 'slow' || fault.ms !== undefined, 'slow needs ms')
  .refine((fault) => fault.kind !== 'errcode' || fault.errcode !== undefined, 'errcode needs errcode')
  .refine((fault) => fault.kind !== 'delayed' || fault.ms !== undefined, 'delayed needs ms')
  .refine((fault) => fault.kind !== 'error' || fault.code !== undefined, 'error needs code')
  .refine((fault) => (kindsOn[fault.on] as readonly string[]).includes(fault.kind), 'there is no such fault there')
  .refine((fault) => ['api', 'pay'].includes(fault.on) || fault.path === undefined, 'pushes and notices have no path')
  .refine((fault) => fault.on === 'notice' || fault.of === undefined, 'of is for notices');

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
