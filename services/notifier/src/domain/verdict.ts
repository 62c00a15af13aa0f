import type { ApiFailure } from '@lingquan/wechat-api';
import { givenUp } from './delivery.ts';
import type { Verdict } from './delivery.ts';
import { backOffMs, isWorthTelling, mayBeDecided, nextDayMs, nextMinuteMs } from './schedule.ts';

/** What a verdict depends on beside the failure. `random` is in [0, 1). */
export type Circumstances = { askedAtMs: number; turn: number; nowMs: number; random: number };

/** At `atMs` if that is not too late, otherwise never. */
const again = (atMs: number, errcode: number, { askedAtMs }: Circumstances): Verdict =>
  isWorthTelling(askedAtMs, atMs) ? { kind: 'again', atMs, errcode } : givenUp('expired', errcode);

const later = (errcode: number, at: Circumstances): Verdict =>
  again(at.nowMs + backOffMs(at.turn, at.random), errcode, at);

/**
 * What to do after a message was not sent. What certainly did not arrive is tried again when that makes sense; what may have
 * arrived never, because the platform has no way to say the same thing once (reference 7.1).
 */
export function judgeFailure({ failure, errcode }: ApiFailure, at: Circumstances): Verdict {
  switch (failure) {
    case 'not_sent':
    case 'no_token':
    case 'busy':
    case 'token_invalid':
      return later(errcode, at);
    case 'quota_minute':
      return again(nextMinuteMs(at.nowMs, at.random), errcode, at);
    case 'quota_daily':
      return again(nextDayMs(at.nowMs, at.random), errcode, at);
    case 'user_unreachable':
    case 'user_refused':
      return givenUp('unreachable', errcode);
    case 'config':
    case 'permanent':
      return givenUp('rejected', errcode);
    case 'uncertain':
      return givenUp('uncertain', errcode);
    default:
      return failure satisfies never;
  }
}

/** What to do while the coupon issuer does not know the outcome (yet). */
export const judgeUndecided = (at: Circumstances): Verdict =>
  mayBeDecided(at.askedAtMs, at.nowMs) ? later(0, at) : givenUp('nothing_due');

/** What to do while the coupon issuer does not answer, or the account's quota is used up. */
export const judgeWaiting = (at: Circumstances, notBeforeMs = 0): Verdict =>
  again(Math.max(at.nowMs + backOffMs(at.turn, at.random), notBeforeMs), 0, at);
