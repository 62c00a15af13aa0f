import { openBreaker } from '@lingquan/breaker';
import { AppError } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import type { Registry } from 'prom-client';
import { Agent, request } from 'undici';
import type { z } from 'zod';

/** What a service answered: any status below 500. */
export type ServiceAnswer = { status: number; json: unknown };

/** Another service of this system, asked over HTTP. Rejects with `unavailable` when it gives no answer it can be held to. */
export type Service = {
  /** Undefined parameters are left out. */
  get: (path: string, query?: Readonly<Record<string, string | undefined>>) => Promise<ServiceAnswer>;
  post: (path: string, body: unknown) => Promise<ServiceAnswer>;
  stop: () => Promise<void>;
};

export type ServiceOptions = {
  /** As metrics, logs and errors name it. */
  name: string;
  /** Without a slash at its end. */
  baseUrl: string;
  log: Log;
  metrics: Registry;
  timeoutMs?: number;
};

/** Our own services answer in milliseconds; whoever waits for us waits for them too. */
const TIMEOUT_MS = 2000;
const CONNECT_MS = 500;
const ANSWER_BYTES_MAX = 1024 * 1024;

/** A service behind a time-out and a breaker. */
export function openService({ name, baseUrl, log, metrics, timeoutMs = TIMEOUT_MS }: ServiceOptions): Service {
  const agent = new Agent({
    connect: { timeout: CONNECT_MS },
    maxResponseSize: ANSWER_BYTES_MAX,
    keepAliveTimeout: 4000, // shorter than the other side keeps idle connections
  });
  const breaker = openBreaker({ name, log, metrics });

  async function send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<ServiceAnswer> {
    const answer = await request(baseUrl + path, {
      method,
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-8' } }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 500) throw new Error(`it answers ${answer.statusCode}`);
    return { status: answer.statusCode, json: JSON.parse(text) as unknown };
  }

  async function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<ServiceAnswer> {
    let ran;
    try {
      ran = await breaker.run(
        () => send(method, path, body),
        () => false,
      );
    } catch (cause) {
      // The cause's own message could hold the address asked for, and with it an openid.
      throw new AppError('unavailable', `${name} does not answer (${nameOf(cause)})`);
    }
    if (ran.kind === 'open') throw new AppError('unavailable', `${name} does not answer; not asking it for a while`);
    return ran.result;
  }

  return {
    get: (path, query = {}) => ask('GET', path + search(query)),
    post: (path, body) => ask('POST', path, body),
    stop: async () => {
      breaker.stop();
      await agent.destroy();
    },
  };
}

function search(query: Readonly<Record<string, string | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, value);
  return given.size === 0 ? '' : `?${given.toString()}`;
}

function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}

/**
 * The answer as `shape` has it. `invalid` when the service did not like the question, which a client put together with us;
 * `unavailable` when it answers anything else: the two of us do not understand one another, and no client can mend that.
 */
export function readAnswer<S extends z.ZodType>(shape: S, { status, json }: ServiceAnswer): z.output<S> {
  if (status === 400) throw new AppError('invalid', 'the question was not understood');
  const parsed = status === 200 ? shape.safeParse(json) : undefined;
  if (parsed?.success) return parsed.data;
  throw new AppError('unavailable', `a service answers ${status}, which is not what was asked for`);
}
