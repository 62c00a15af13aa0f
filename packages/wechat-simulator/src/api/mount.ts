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
import { isObject } from './fields.ts';
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
  appid: string | undefined;
  fault: string | undefined;
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
  const rid = newRid(seconds(now));
  const rawBody = await readBody(ctx);
  const state = ownerOf(world, ctx);
  const outcome: Outcome = { status: 0, errcode: 0, response: '', appid: state?.account.appid, fault: undefined };
  const { delayMs, other } = world.faults.take('api', {
    path: api.path,
    appid: state?.account.appid,
    withToken: api.auth === 'token',
  });
  outcome.fault = other?.kind ?? (delayMs > 0 ? 'slow' : undefined);
  const answer = isCut(other)
    ? undefined
    : await answerOf(api, ctx, rawBody, { deps, state, fault: other, rid, now, outcome });
  if (delayMs > 0) await pause(delayMs);
  if (answer === undefined || (other?.kind === 'lost' && other.when === 'after')) cut(ctx, other?.kind === 'reset');
  else send(ctx, answer, outcome);
  world.calls.add({
    rid,
    at: new Date(now).toISOString(),
    method: ctx.method,
    path: api.path,
    query: maskQuery(ctx.querystring),
    body: maskBody(rawBody, ctx.get('content-type')),
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    clientIp: ctx.ip.replace(/^::ffff:/, ''),
    ...outcome,
  });
}

/** The account whose token the call carries, live or not. */
function ownerOf(world: World, ctx: Context): AccountState | undefined {
  const token = new URLSearchParams(ctx.querystring).get('access_token') ?? '';
  return [...world.accounts.values()].find(({ tokens }) => tokens.knows(token));
}

/** Whether the fault keeps the call from taking effect and from being answered. */
function isCut(fault: Fault | undefined): boolean {
  return fault?.kind === 'reset' || (fault?.kind === 'lost' && fault.when !== 'after');
}

function cut(ctx: Context, reset: boolean): void {
  ctx.respond = false;
  if (reset) ctx.req.socket.resetAndDestroy();
  else ctx.req.socket.destroy();
}

interface Circumstances {
  readonly deps: ApiDeps;
  readonly state: AccountState | undefined;
  readonly fault: Fault | undefined;
  readonly rid: string;
  readonly now: number;
  readonly outcome: Outcome;
}

async function answerOf(api: Api, ctx: Context, rawBody: Buffer, around: Circumstances): Promise<Answer> {
  try {
    return faultAnswer(around.fault, ctx, around.state) ?? (await handle(api, ctx, rawBody, around));
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

function faultAnswer(fault: Fault | undefined, ctx: Context, state: AccountState | undefined): Answer | undefined {
  if (fault?.kind === 'http') return { kind: 'page', status: fault.status ?? 500, html: errorPage };
  if (fault?.kind === 'not-json') return { kind: 'page', status: 200, html: errorPage };
  if (fault?.kind !== 'errcode' || fault.errcode === undefined) return undefined;
  if (tokenCodes.includes(fault.errcode)) {
    // On the platform such an answer means that the token has really ended. Without this, stable_token would hand out the same one again.
    state?.tokens.revoke(new URLSearchParams(ctx.querystring).get('access_token') ?? '');
  }
  return refuse(fault.errcode);
}

async function handle(api: Api, ctx: Context, rawBody: Buffer, { deps, state, now }: Circumstances): Promise<Answer> {
  if (ctx.method !== api.method) refuse(api.method === 'POST' ? 43002 : 43001);
  const query = new URLSearchParams(ctx.querystring);
  const open: Omit<OpenCall, 'body'> = {
    world: deps.world,
    pusher: deps.pusher,
    query,
    rawBody,
    contentType: ctx.get('content-type'),
    now,
    clientIp: ctx.ip.replace(/^::ffff:/, ''),
    origin: ctx.origin,
  };
  if (api.auth === 'open') return api.handle({ ...open, body: bodyOf(api, rawBody) });
  const owner = admit(api, query.get('access_token'), state, now);
  return api.handle({ ...open, body: bodyOf(api, rawBody), state: owner });
}

/** The account a call may act for; refused without a live token, for another kind of account, and beyond the quota. */
function admit(
  api: Api & { auth: 'token' },
  token: string | null,
  state: AccountState | undefined,
  now: number,
): AccountState {
  if (token === null || token === '') refuse(41001);
  if (state === undefined) return refuse(/^\d+_[\w-]{100,}$/.test(token) ? 40001 : 40014);
  const verdict = state.tokens.check(token, now);
  if (verdict !== 'ok') refuse(verdict);
  if (api.kind !== undefined && state.account.kind !== api.kind) refuse(48001);
  const quota = state.quotas.take(api.path, now);
  if (quota !== 'ok') refuse(quota);
  return state;
}

/** The JSON of a POST, whatever its Content-Type says: clients label it as text/plain, as form data, or not at all. */
function bodyOf(api: Api, rawBody: Buffer): Record<string, unknown> {
  if (api.method === 'GET' || api.upload === true) return {};
  if (rawBody.length === 0) refuse(44002);
  let body: unknown;
  try {
    body = JSON.parse(rawBody.toString('utf8'));
  } catch {
    refuse(api.brokenJson ?? 47001);
  }
  return isObject(body) ? body : refuse(api.brokenJson ?? 47001);
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
