import { AppError } from '@lingquan/errors';
import type { Log } from '@lingquan/log';

const MINUTE_MS = 60_000;

/**
 * Says in the log why pushes (or `what` else) are refused, each reason once a minute at most: whoever set a token wrong finds out, and whoever
 * sends rubbish does not fill the disk. The reasons hold nothing of the request.
 */
export function refusalNotes(log: Log, what = 'pushes'): (error: unknown, nowMs: number) => void {
  const noted = new Map<string, number>();
  return (error, nowMs) => {
    if (!(error instanceof AppError)) return; // errorAnswers logs our own bugs
    if (nowMs - (noted.get(error.message) ?? -Infinity) < MINUTE_MS) return;
    noted.set(error.message, nowMs);
    log.warn({ code: error.code }, `${what} are refused: ${error.message}`);
  };
}
