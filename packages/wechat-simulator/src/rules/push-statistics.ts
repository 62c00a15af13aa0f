import { chinaDay } from '../state/clock.ts';

/** One hour of pushes to an account's service, in the members of datacube/getinterfacesummary. */
export interface PushHour {
  callback_count: number;
  fail_count: number;
  /** Milliseconds. */
  total_time_cost: number;
  max_time_cost: number;
}

export interface PushStatistics {
  note(atMs: number, tookMs: number, failed: boolean): void;
  /** By day (`2026-01-31`, UTC+8) and hour (0, 100 … 2300), in order; only hours with pushes. */
  between(firstDay: string, lastDay: string): { day: string; hour: number; figures: PushHour }[];
}

const hoursMax = 31 * 24;

export function createPushStatistics(): PushStatistics {
  const hours = new Map<string, { day: string; hour: number; figures: PushHour }>();
  return {
    note(atMs, tookMs, failed) {
      const day = chinaDay(atMs);
      const hour = new Date(atMs + 8 * 3_600_000).getUTCHours() * 100;
      const key = `${day}/${hour}`;
      const entry = hours.get(key) ?? {
        day,
        hour,
        figures: { callback_count: 0, fail_count: 0, total_time_cost: 0, max_time_cost: 0 },
      };
      if (!hours.has(key) && hours.size >= hoursMax) hours.delete(hours.keys().next().value ?? '');
      hours.set(key, entry);
      const { figures } = entry;
      figures.callback_count += 1;
      figures.fail_count += failed ? 1 : 0;
      figures.total_time_cost += Math.round(tookMs);
      figures.max_time_cost = Math.max(figures.max_time_cost, Math.round(tookMs));
    },
    between: (firstDay, lastDay) =>
      [...hours.values()]
        .filter(({ day }) => day >= firstDay && day <= lastDay)
        .toSorted((one, other) => one.day.localeCompare(other.day) || one.hour - other.hour),
  };
}

/** Days of one hour entries added up. */
export function byDay(hours: readonly { day: string; figures: PushHour }[]): { day: string; figures: PushHour }[] {
  const days = new Map<string, PushHour>();
  for (const { day, figures } of hours) {
    const sum = days.get(day);
    if (sum === undefined) days.set(day, { ...figures });
    else {
      sum.callback_count += figures.callback_count;
      sum.fail_count += figures.fail_count;
      sum.total_time_cost += figures.total_time_cost;
      sum.max_time_cost = Math.max(sum.max_time_cost, figures.max_time_cost);
    }
  }
  return [...days].map(([day, figures]) => ({ day, figures }));
}
