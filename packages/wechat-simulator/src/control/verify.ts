import { randomInt } from 'node:crypto';
import type { Router } from '@koa/router';
import { messageOf } from '@lingquan/errors';
import { signPush } from '@lingquan/wechat';
import { type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { seconds } from '../state/clock.ts';
import type { World } from '../state/world.ts';
import { accountOf, readControl } from './request.ts';

const verifyShape = z.strictObject({ appid: z.string().optional() });

/** What the console does when the owner saves the address of the service: one signed GET that must give `echostr` back. */
export function verifyRoutes(router: Router, world: World, deps: { dispatcher: Dispatcher; timeoutMs: number }): void {
  router.post('/_sim/verify-url', async (ctx) => {
    const { appid } = await readControl(ctx, verifyShape);
    const { account } = accountOf(world, appid);
    const echostr = `${randomInt(1e9, 9e9)}${randomInt(1e9, 9e9)}`;
    const query = signPush(account, { timestamp: seconds(world.clock.machineNow()), nonce: String(randomInt(1e9)) });
    const url = `${account.pushUrl}?${new URLSearchParams({ ...query, echostr }).toString()}`;
    try {
      const response = await request(url, { dispatcher: deps.dispatcher, signal: AbortSignal.timeout(deps.timeoutMs) });
      const body = await response.body.text();
      ctx.body = { url, status: response.statusCode, body, ok: response.statusCode === 200 && body === echostr };
    } catch (error) {
      ctx.body = { url, status: 0, body: messageOf(error), ok: false };
    }
  });
}
