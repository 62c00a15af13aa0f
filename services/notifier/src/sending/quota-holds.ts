import type { ApiFailure } from '@lingquan/wechat-api';
import { nextDayMs, nextMinuteMs } from '../domain/schedule.ts';

/** Accounts whose quota is used up: asking the platform about every message would only use up more. */
export type QuotaHolds = {
  /** Until when this account may not send; 0 when it may. */
  untilMs: (appid: string) => number;
  /** Takes note of a quota in a failure. */
  note: (appid: string, failure: ApiFailure, nowMs: number) => void;
};

/** Kept in memory: a process that starts anew finds out by one call. */
export function quotaHolds(): QuotaHolds {
  const holds = new Map<string, number>();
  return {
    untilMs: (appid) => holds.get(appid) ?? 0,
    note: (appid, { failure }, nowMs) => {
      if (failure === 'quota_daily') holds.set(appid, nextDayMs(nowMs, 0));
      else if (failure === 'quota_minute') holds.set(appid, nextMinuteMs(nowMs, 0));
    },
  };
}
