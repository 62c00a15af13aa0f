/**
 * How a failure is treated where it stops (an HTTP answer, a Kafka batch):
 *
 * - `invalid`: this input can never succeed. HTTP 400; dead letter.
 * - `unauthorized`, `not_found`: the caller may not, or nothing is there. HTTP 401, 404; dead letter.
 * - `conflict`: someone else moved first. HTTP 409; retry at once.
 * - `unavailable`: a dependency is down or slow. HTTP 503; back off and retry.
 * - `internal`: our bug. HTTP 500 with the message hidden; bounded retries, then dead letter.
 */
export type ErrorCode = 'invalid' | 'unauthorized' | 'not_found' | 'conflict' | 'unavailable' | 'internal';

/** The one error class of the system. `message` says what happened and what to do next, without secrets or openids. */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** The code of any thrown value; what is not an AppError is our bug. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof AppError ? error.code : 'internal';
}

/** The message of any thrown value, with the messages of its causes behind it. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || (error as NodeJS.ErrnoException).code || error.name;
  return error.cause === undefined ? own : `${own}: ${messageOf(error.cause)}`;
}
