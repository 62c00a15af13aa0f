import { setTimeout as pause } from 'node:timers/promises';
import type { Context, Middleware } from 'koa';
import { Router } from '@koa/router';
import { messageOf } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import { Refusal, refuse } from '../rules/refusal.ts';
import { type Fault, tokenCodes } from '../state/faults.ts';
import { maskBody, maskQuery } from '../state/calls.ts';
import { newRid } from '../state/ids.ts';
import { seconds } from '../state/clock.ts';
import type { AccountState, World } from '../state/world.ts';
import type { Pusher } from '../push/push.ts';
import type { Answer, Api, OpenCall } from './definition.ts';
import { admit, appidNamed, bodyOf, ownerOf } from './admission.ts';
import { readBody } from './body.ts';

export interface ApiDeps {
  readonly world: World;
  readonly pusher: Pusher;
  readonly log: Log;
}

/** What there is to say about a call once it has been answered, or not. */
interface Outcome {
  status: number;
  errcode: number;
  response: string;
}

/** Routes for a table of interfaces. What they have in common happens here: faults, method, token, quota, body, errors, the record of the call. */
export function apiRoutes(apis: readonly Api[], deps: ApiDeps): Middleware {
  const router = new Router();
  for (const api of apis) router.all(api.path, (ctx) => answerCall(api, ctx, deps));
  return router.routes() as unknown as Middleware;
}

async function answerCall(api: Api, ctx: Context, deps: ApiDeps): Promise<void> {
  const startedAt = performance.now();
  const { world } = deps;
  const now = world.clock.now();
  const query = new URLSearchParams(ctx.querystring);
  const rawBody = await readBody(ctx);
  const state = ownerOf(world, query);
  const appid = state?.account.appid ?? appidNamed(query, rawBody);
  const { delayMs, other } = world.faults.take('api', { path: api.path, appid, withToken: api.auth === 'token' });
  const rid = newRid(seconds(now));
  const outcome: Outcome = { status: 0, errcode: 0, response: '' };
  const around: Circumstances = { deps, query, rawBody, state, fault: other, rid, now, outcome };
  const answer = isCut(other) ? undefined : await answerOf(api, ctx, around);
  if (delayMs > 0) await pause(delayMs);
  if (answer === undefined || isAnswerLost(other)) cut(ctx, other?.kind === 'reset');
  else send(ctx, answer, outcome);
  const ms = Math.round((performance.now() - startedAt) * 10) / 10;
  const fault = other?.kind ?? (delayMs > 0 ? 'slow' : undefined);
  world.calls.add({ ...callOf(ctx, around), path: api.path, appid, ms, fault, ...outcome });
}

/** What the record of calls keeps of the request. */
function callOf(ctx: Context, { rid, now, rawBody }: Circumstances) {
  return {
    rid,
    at: new Date(now).toISOString(),
    method: ctx.method,
    query: maskQuery(ctx.querystring),
    body: maskBody(rawBody, ctx.get('content-type')),
    clientIp: clientIpOf(ctx),
  };
}

const clientIpOf = (ctx: Context): string => ctx.ip.replace(/^::ffff:/, '');

/** Whether the fault keeps the call from taking effect and from being answered. */
function isCut(fault: Fault | undefined): boolean {
  return fault?.kind === 'reset' || (fault?.kind === 'lost' && fault.when !== 'after');
}

const isAnswerLost = (fault: Fault | undefined): boolean => fault?.kind === 'lost' && fault.when === 'after';

function cut(ctx: Context, reset: boolean): void {
  ctx.respond = false;
  if (reset) ctx.req.socket.resetAndDestroy();
  else ctx.req.socket.destroy();
}

interface Circumstances {
  readonly deps: ApiDeps;
  readonly query: URLSearchParams;
  readonly rawBody: Buffer;
  readonly state: AccountState | undefined;
  readonly fault: Fault | undefined;
  readonly rid: string;
  readonly now: number;
  readonly outcome: Outcome;
}

async function answerOf(api: Api, ctx: Context, around: Circumstances): Promise<Answer> {
  try {
    return faultAnswer(around) ?? (await handle(api, ctx, around));
  } catch (error) {
    if (!(error instanceof Refusal)) around.deps.log.error({ err: error, path: api.path }, 'interface failed');
    const errcode = error instanceof Refusal ? error.errcode : -1;
    around.outcome.errcode = errcode;
    const text = error instanceof Refusal ? error.message : `system error: ${messageOf(error)}`;
    return { kind: 'json', body: { errcode, errmsg: `${text} rid: ${around.rid}` } };
  }
}

const errorPage =
  '<html><head><title>Error</title></head><body><center><h1>Service Unavailable</h1></center></body></html>';

function faultAnswer({ fault, query, state }: Circumstances): Answer | undefined {
  if (fault?.kind === 'http') return { kind: 'page', status: fault.status ?? 500, html: errorPage };
  if (fault?.kind === 'not-json') return { kind: 'page', status: 200, html: errorPage };
  if (fault?.kind !== 'errcode' || fault.errcode === undefined) return undefined;
  // On the platform a token code means that the token has really ended. Without this, stable_token would hand out the same one again.
  if (tokenCodes.includes(fault.errcode)) state?.tokens.revoke(query.get('access_token') ?? '');
  return refuse(fault.errcode);
}

async function handle(api: Api, ctx: Context, { deps, query, rawBody, state, now }: Circumstances): Promise<Answer> {
  if (ctx.method !== api.method) refuse(api.method === 'POST' ? 43002 : 43001);
  const owner = api.auth === 'token' ? admit(api, query.get('access_token'), state, now) : undefined;
  const open: OpenCall = {
    world: deps.world,
    pusher: deps.pusher,
    query,
    body: bodyOf(api, rawBody),
    rawBody,
    contentType: ctx.get('content-type'),
    now,
    clientIp: clientIpOf(ctx),
    origin: `${ctx.protocol}://${ctx.host}`,
  };
  if (api.auth === 'open') return api.handle(open);
  return api.handle({ ...open, state: owner ?? refuse(41001) });
}

function send(ctx: Context, answer: Answer, outcome: Outcome): void {
  ctx.status = 200;
  switch (answer.kind) {
    case 'json':
      ctx.set('Content-Type', answer.contentType ?? 'application/json; encoding=utf-8');
      outcome.response = JSON.stringify(answer.body);
      ctx.body = outcome.response;
      break;
    case 'bytes':
      ctx.set('Content-Type', answer.contentType);
      ctx.set(answer.headers ?? {});
      outcome.response = maskBody(answer.body, answer.contentType);
      ctx.body = answer.body;
      break;
    case 'page':
      ctx.status = answer.status;
      ctx.set('Content-Type', 'text/html; charset=utf-8');
      ctx.body = answer.html;
      outcome.response = answer.html;
      break;
    case 'redirect':
      ctx.redirect(answer.url);
      break;
    default:
      answer satisfies never;
  }
  outcome.response = maskBody(Buffer.from(outcome.response), '');
  outcome.status = ctx.status;
}
