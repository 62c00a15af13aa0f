import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { type Dispatcher, request } from 'undici';

const timeoutMs = 3_000;

/**
 * What the claim log knows of a follower, for the panel beside the chat: its `GET /events`, passed on as it is, so that the page
 * needs no other origin. The one thing here that is not the platform's.
 */
export function eventRoutes(router: Router, claimLogUrl: string, dispatcher: Dispatcher): void {
  router.get('/_sim/events', async (ctx) => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await request(`${claimLogUrl}/events?${ctx.querystring}`, { dispatcher, signal });
      const text = await response.body.text();
      ctx.status = response.statusCode;
      ctx.set('Content-Type', 'application/json; charset=utf-8');
      ctx.body = text;
    } catch (cause) {
      throw new AppError('unavailable', 'The claim log does not answer', { cause });
    }
  });
}
