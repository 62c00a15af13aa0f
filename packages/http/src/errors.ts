import { codeOf, messageOf } from '@lingquan/errors';
import type { ErrorCode } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import type { Middleware } from 'koa';

const statusOf: Record<ErrorCode, number> = {
  invalid: 400,
  unauthorized: 401,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
  internal: 500,
};

/** Turns a thrown error into `{ "error": code, "message": text }` with its status; our own bugs keep their text to the log. */
export function errorAnswers(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const code = codeOf(error);
      ctx.status = statusOf[code];
      if (code === 'unavailable') ctx.set('Retry-After', '1');
      if (code === 'internal') log.error({ err: error }, 'request failed');
      ctx.body = { error: code, message: code === 'internal' ? 'internal error' : messageOf(error) };
    }
  };
}
