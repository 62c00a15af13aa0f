import { parse as parseQuery } from 'node:querystring';
import type { Account } from '@lingquan/accounts';
import { AppError, codeOf } from '@lingquan/errors';
import { asTraceparent, pushId } from '@lingquan/events';
import type { Log } from '@lingquan/log';
import { dedupeKey, openPush, toInboundPush, verifyUrl } from '@lingquan/wechat';
import type { Context, Middleware } from 'koa';
import type { Addresses } from '../domain/addresses.ts';
import type { Intake } from '../intake/intake.ts';
import type { Metrics, PushResult } from '../metrics.ts';
import { traceOf } from '../publish/records.ts';
import { announcesLittle, announcesTooMuch, drain, readBody } from './body.ts';
import { originOf } from './client-address.ts';
import type { Origin } from './client-address.ts';
import type { Door } from './door.ts';
import { refusalNotes } from './refusal-notes.ts';
import { render } from './render.ts';
import { refuseUnsigned } from './signed.ts';
import type { Rendered } from './render.ts';

export type PushRouteOptions = {
  accounts: readonly Account[];
  intake: Intake;
  door: Door;
  isProxy: Addresses;
  maxAgeSeconds: number;
  metrics: Metrics;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
};

const PATH = '/wx';

/** `GET|POST /wx` for the default account, `/wx/{appid}` for every account. */
export function pushRoute(options: PushRouteOptions): Middleware {
  const { metrics, door } = options;
  const byPath = new Map(options.accounts.map((account) => [`${PATH}/${account.appid}`, account]));
  for (const account of options.accounts) if (account.isDefault) byPath.set(PATH, account);
  const note = refusalNotes(options.log);

  async function answerPush(ctx: Context, account: Account): Promise<PushResult> {
    const startedAt = performance.now();
    const nowMs = options.now();
    const origin = originOf(ctx.req, options.isProxy);
    door.check(account.appid, origin.address);
    const addressIsOver = door.isOver(origin.address, nowMs);
    if (announcesTooMuch(ctx.req)) return refuseBody(ctx, 'too big');
    const query = parseQuery(ctx.querystring); // a quarter of what Koa's own takes
    if (!announcesLittle(ctx.req)) refuseUnsigned(account, query);
    const body = await readBody(ctx.req);
    if (body === 'too slow') throw new AppError('invalid', 'the body did not arrive in time');
    if (typeof body === 'string') return refuseBody(ctx, body);

    const opened = openPush(account, {
      query,
      body,
      now: Math.floor(nowMs / 1000),
      maxAgeSeconds: options.maxAgeSeconds,
    });
    const id = pushId(account.appid, dedupeKey(opened.fields));
    const content = toInboundPush(account, opened.fields);
    const push = { id, content, receivedAtMs: nowMs, traceparent: traceparentOf(ctx, origin) ?? traceOf(id) };
    const answer = await options.intake.take(push, {
      startedAt,
      addressIsOver,
      onRepeat: () => door.giveBack(origin.address),
    });
    send(ctx, render(answer, { account, opened, push, nonce: String(query['nonce']) }));
    return answer.kind;
  }

  const answerCheck = (ctx: Context, account: Account): void => {
    door.check(account.appid, originOf(ctx.req, options.isProxy).address);
    send(ctx, { body: verifyUrl(account, parseQuery(ctx.querystring)), type: 'text/plain; charset=utf-8' });
  };

  async function serve(ctx: Context): Promise<void> {
    try {
      const account = byPath.get(ctx.path);
      if (account === undefined) throw new AppError('not_found', 'no such account');
      if (ctx.method === 'POST') metrics.push(await answerPush(ctx, account));
      else if (ctx.method === 'GET') answerCheck(ctx, account);
      else refuseMethod(ctx);
    } catch (error) {
      metrics.push(codeOf(error));
      note(error, options.now());
      drain(ctx.req);
      throw error;
    }
  }

  return (ctx, next) => (ctx.path === PATH || ctx.path.startsWith(`${PATH}/`) ? serve(ctx) : next());
}

function send(ctx: Context, { body, type }: Rendered): void {
  ctx.status = 200;
  ctx.set('Content-Type', type);
  ctx.body = body;
}

function refuseBody(ctx: Context, refusal: 'too big' | 'gone'): PushResult {
  ctx.status = 413;
  ctx.body = { error: 'invalid', message: 'the body is too big for a push' };
  drain(ctx.req);
  return refusal;
}

function refuseMethod(ctx: Context): void {
  ctx.status = 405;
  ctx.set('Allow', 'GET, POST');
  ctx.body = { error: 'invalid', message: 'only GET and POST' };
  drain(ctx.req);
}

/** The trace the request belongs to, when somebody who may be believed says so. */
function traceparentOf(ctx: Context, { trusted }: Origin): string | undefined {
  return trusted ? asTraceparent(ctx.get('traceparent')) : undefined;
}
