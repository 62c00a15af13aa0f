import { AppError } from '@lingquan/errors';
import type { Context } from 'koa';
import { type Dispatcher, request } from 'undici';
import { readBody } from '../api/body.ts';

const timeoutMs = 15_000;
const passedOn = ['authorization', 'content-type', 'idempotency-key', 'accept-language', 'traceparent'] as const;
const passedBack = ['content-type', 'retry-after', 'idempotency-key'] as const;

/** Passes a request of the chat page on to ingress as it is, with `more` headers: the page needs no other origin. */
export async function passOn(
  ctx: Context,
  target: string,
  dispatcher: Dispatcher,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const headers = Object.fromEntries(passedOn.map((name) => [name, ctx.get(name)]).filter(([, value]) => value !== ''));
  const body = await readBody(ctx);
  try {
    const response = await request(target, {
      method: ctx.method,
      headers: { ...headers, ...more },
      ...(body.length > 0 && { body }),
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    ctx.status = response.statusCode;
    for (const name of passedBack) {
      const value = response.headers[name];
      if (typeof value === 'string') ctx.set(name, value);
    }
    ctx.body = response.statusCode === 204 ? null : bytes;
  } catch (cause) {
    throw new AppError('unavailable', '连不上小店的服务，它正在启动或已停止 · ingress does not answer', { cause });
  }
}
