import { fromBeijing, fromRfc3339, toRfc3339 } from '@lingquan/wechat-pay';

export const dayMs = 86_400_000;

/** `2026-01-01`: the day in UTC+8. */
export const dayOf = (ms: number): string => toRfc3339(ms).slice(0, 10);

/** When a day of UTC+8 begins; undefined for what is not a day. */
export function startOfDay(day: string): number | undefined {
  const ms = Date.parse(`${day}T00:00:00+08:00`);
  return !Number.isNaN(ms) && dayOf(ms) === day ? ms : undefined;
}

/** The instant of a time as v3 or v2 writes it; undefined for anything else. */
export function instantOf(api: 'v3' | 'v2', text: string): number | undefined {
  try {
    return api === 'v3' ? fromRfc3339(text) : fromBeijing(text);
  } catch {
    return undefined;
  }
}

/** An instant as the control interface writes it. */
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
