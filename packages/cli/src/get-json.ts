import { AppError, messageOf } from '@lingquan/errors';
import type { z } from 'zod';

const TIMEOUT_MS = 10_000;

/** Asks one of the system's services. Undefined on 404; rejects with `unavailable` when it does not answer as agreed. */
export async function getJson<S extends z.ZodType>(
  service: string,
  url: string,
  schema: S,
): Promise<z.output<S> | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause: unknown) => {
    throw new AppError('unavailable', `${service} 没有回答 does not answer (${new URL(url).origin}): npm start`, {
      cause,
    });
  });
  if (response.status === 404) return undefined;
  const body: unknown = await response.json().catch(() => undefined); // a proxy's error page, told by its status below
  if (!response.ok)
    throw new AppError('unavailable', `${service} 回答 answered ${response.status}: ${messageIn(body)}`);
  const parsed = schema.safeParse(body);
  if (!parsed.success)
    throw new AppError(
      'unavailable',
      `${service} 的回答看不懂，版本是否一致？ answered in a way this version does not know`,
      {
        cause: new Error(messageOf(parsed.error)),
      },
    );
  return parsed.data;
}

const messageIn = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
