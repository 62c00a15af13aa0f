import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from 'koa';
import { readBody } from '../api/body.ts';
import { maskBody } from '../state/calls.ts';
import { seconds } from '../state/clock.ts';
import type { Fault } from '../state/faults.ts';
import { newRid } from '../state/ids.ts';
import type { Pay } from './state/pay.ts';

/** An answer, down to its bytes. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The error code, for the record of calls. */
  readonly code?: string | undefined;
}

/** What is wrong with an answer's signature on purpose. */
export type AnswerFlaw = 'unsigned' | 'bad-signature' | 'signtest' | undefined;

/** One API's way to answer. */
export interface Answering {
  /** Does what is asked; never throws. */
  readonly perform: (raw: Buffer, flaw: AnswerFlaw) => Reply;
  /** Refuses with this code, in any spelling, as if the platform did. */
  readonly refuse: (raw: Buffer, code: string, status: number | undefined) => Reply;
}

const page = Buffer.from(
  '<html><head><title>Error</title></head><body><center><h1>Service Unavailable</h1></center></body></html>',
);
const pageReply = (status: number): Reply => ({ status, headers: { 'Content-Type': 'text/html' }, body: page });

/** Takes one call of a merchant: its bytes, the faults that meet it, the answer, the record. */
export async function exchange(ctx: Context, { world }: Pay, answering: Answering): Promise<void> {
  const startedAt = performance.now();
  const raw = await readBody(ctx);
  const { delayMs, other } = world.faults.take('pay', { path: ctx.path, appid: undefined, withToken: true });
  const reply = replyOf(raw, other, answering);
  if (delayMs > 0) await pause(delayMs);
  ctx.respond = false; // Koa would take the Content-Type from a 204, which client libraries read (client libraries 1.2)
  const isLost = reply === undefined || (other?.kind === 'lost' && other.when === 'after');
  if (isLost) cut(ctx, other?.kind === 'reset');
  else send(ctx, reply);
  const now = world.clock.now();
  world.calls.add({
    rid: newRid(seconds(now)),
    at: new Date(now).toISOString(),
    appid: undefined,
    method: ctx.method,
    path: ctx.path,
    query: ctx.querystring.replace(/(token=.{6})[^&]*/, '$1…'),
    body: maskBody(raw, ''),
    status: isLost ? 0 : reply.status,
    errcode: 0,
    code: reply?.code,
    response: reply === undefined || /gzip/.test(reply.headers['Content-Type'] ?? '') ? '' : maskBody(reply.body, ''),
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    clientIp: ctx.ip.replace(/^::ffff:/, ''),
    fault: other?.kind ?? (delayMs > 0 ? 'slow' : undefined),
  });
}

/** Undefined when the connection is to be cut before anything happens. */
function replyOf(raw: Buffer, fault: Fault | undefined, { perform, refuse }: Answering): Reply | undefined {
  switch (fault?.kind) {
    case 'reset':
      return undefined;
    case 'lost':
      return fault.when === 'after' ? perform(raw, undefined) : undefined;
    case 'http':
      return pageReply(fault.status ?? 502);
    case 'not-json':
      return pageReply(200);
    case 'error': {
      if (fault.when === 'after') perform(raw, undefined);
      return refuse(raw, fault.code ?? 'SYSTEM_ERROR', fault.status);
    }
    case 'unsigned':
    case 'bad-signature':
    case 'signtest':
      return perform(raw, fault.kind);
    default:
      return perform(raw, undefined);
  }
}

function cut(ctx: Context, reset: boolean): void {
  if (reset) ctx.req.socket.resetAndDestroy();
  else ctx.req.socket.destroy();
}

function send(ctx: Context, { status, headers, body }: Reply): void {
  ctx.status = status;
  const length = status === 204 ? {} : { 'Content-Length': String(body.length) };
  ctx.res.writeHead(status, { ...headers, ...length });
  ctx.res.end(status === 204 ? undefined : body);
}
