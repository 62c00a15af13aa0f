import { AppError, codeOf, messageOf } from '@lingquan/errors';
import type { z } from 'zod';

const TIMEOUT_MS = 10_000;

/** Asks one of the system's services. Undefined on 404; rejects with `unavailable` when it does not answer as agreed. */
export async function getJson<S extends z.ZodType>(
  service: string,
  url: string,
  schema: S,
  headers: Record<string, string> = {},
): Promise<z.output<S> | undefined> {
  const { status, body } = await exchange(service, url, { headers });
  return status === 404 ? undefined : read(service, { status, body }, schema);
}

/**
 * Gives one of the system's services something to do. Rejects with what it says: `invalid` on 400, `unauthorized` on 401,
 * `not_found` on 404, `conflict` on 409, else `unavailable`.
 */
export async function postJson<S extends z.ZodType>(
  service: string,
  url: string,
  schema: S,
  { method = 'POST', body, headers = {}, timeoutMs }: Sent = {},
): Promise<z.output<S>> {
  const answer = await exchange(service, url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body ?? {}),
    timeoutMs,
  });
  return read(service, answer, schema);
}

type Sent = {
  method?: 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
};
type Asked = RequestInit & { timeoutMs?: number | undefined };
type Answer = { status: number; body: unknown };

async function exchange(service: string, url: string, { timeoutMs = TIMEOUT_MS, ...init }: Asked): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
    throw new AppError('unavailable', `${service} 没有回答 does not answer (${new URL(url).origin}): npm start`, {
      cause,
    });
  });
  return answerOf(response);
}

/** What a service answered; a proxy's error page has no body, and is told by its status. */
export async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

const codes: Readonly<Record<number, 'invalid' | 'unauthorized' | 'not_found' | 'conflict'>> = {
  400: 'invalid',
  401: 'unauthorized',
  404: 'not_found',
  409: 'conflict',
};

function read<S extends z.ZodType>(service: string, { status, body }: Answer, schema: S): z.output<S> {
  if (status >= 400) throw refusal(service, { status, body });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'unavailable',
    `${service} 的回答看不懂，版本是否一致？ answered in a way this version does not know`,
    { cause: new Error(messageOf(parsed.error)) },
  );
}

/** A service's refusal as an error: `invalid` on 400, `unauthorized` on 401, `not_found` on 404, `conflict` on 409, else `unavailable`. */
export const refusal = (service: string, { status, body }: Answer): AppError =>
  new AppError(codes[status] ?? 'unavailable', `${service} 回答 answered ${status}: ${messageIn(body)}`);

function messageIn(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const { error, message } = body as { error?: unknown; message?: unknown };
  return [error, message].filter((part) => typeof part === 'string').join(' · ');
}

/** Whether an error only means that a service was not there to answer. */
export const isAway = (error: unknown): boolean => codeOf(error) === 'unavailable';
