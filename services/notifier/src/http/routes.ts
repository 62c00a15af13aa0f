import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { maskOpenid } from '@lingquan/log';
import type { Middleware } from 'koa';
import type { Pool } from 'pg';
import { states } from '../domain/delivery.ts';
import type { State } from '../domain/delivery.ts';
import { listDeliveries } from '../store/overview.ts';
import type { DeliveryView } from '../store/overview.ts';

const LIMIT = 100;
const LIMIT_MAX = 500;

/**
 * `GET /deliveries[?state=due|sending|delivered|given_up][&limit=]`: for operators, newest first. Followers are masked as in logs.
 */
export function routes(pool: Pool): Middleware {
  const router = new Router();
  router.get('/deliveries', async (ctx) => {
    const deliveries = await listDeliveries(pool, stateOf(ctx.query['state']), limitOf(ctx.query['limit']));
    ctx.body = { items: deliveries.map(shown) };
  });
  return router.routes() as unknown as Middleware;
}

const shown = ({ openid, ...delivery }: DeliveryView) => ({ ...delivery, follower: maskOpenid(openid) });

function stateOf(text: string | string[] | undefined): State | undefined {
  if (text === undefined) return undefined;
  const state = states.find((one) => one === text);
  if (state === undefined) throw new AppError('invalid', `state must be one of ${states.join(', ')}`);
  return state;
}

function limitOf(text: string | string[] | undefined): number {
  const limit = text === undefined ? LIMIT : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
    throw new AppError('invalid', `limit must be 1 to ${LIMIT_MAX}`);
  return limit;
}
