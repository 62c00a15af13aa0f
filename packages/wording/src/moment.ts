import { fill } from './fill.ts';
import { moments } from './templates.ts';
import type { Language } from './templates.ts';

/** Asia/Shanghai is UTC+8 all year (no summer time since 1991): arithmetic is right, and 20 times as fast as Intl. */
const SHANGHAI_MS = 8 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

const shanghaiDay = (ms: number): number => Math.floor((ms + SHANGHAI_MS) / DAY_MS);

const two = (n: number): string => String(n).padStart(2, '0');

function pieces(ms: number) {
  const shifted = new Date(ms + SHANGHAI_MS);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: two(shifted.getUTCHours()),
    minute: two(shifted.getUTCMinutes()),
  };
}

const say = (ms: number, language: Language, form: keyof (typeof moments)['zh']): string =>
  fill(moments[language][form], pieces(ms))!;

/** A date and time in Beijing, the year only when it is not this one. Times are milliseconds since 1970. */
export function wordDate(ms: number, nowMs: number, language: Language): string {
  return say(ms, language, pieces(ms).year === pieces(nowMs).year ? 'thisYear' : 'full');
}

/** A time of today or tomorrow in Beijing, rounded up to the minute so that nobody comes too early. */
export function wordReturn(ms: number, nowMs: number, language: Language): string {
  const at = Math.ceil(ms / 60_000) * 60_000;
  const days = shanghaiDay(at) - shanghaiDay(nowMs);
  if (days > 1) return wordDate(at, nowMs, language);
  return say(at, language, days === 1 ? 'tomorrow' : 'clock');
}
