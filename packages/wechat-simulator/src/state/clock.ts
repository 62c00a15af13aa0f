/** The platform's clock: the machine's, and as far ahead or behind as somebody has set it to try expiry and windows. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** The machine's own time, whatever is set here: what pushes are signed with, or services would refuse them as stale. */
  machineNow(): number;
  /** Sets how far the clock is from the machine's, in milliseconds (not added to what was set before). */
  setShift(shiftMs: number): void;
  shiftMs(): number;
}

export function createClock(machineNow: () => number = Date.now): Clock {
  let shift = 0;
  return {
    now: () => machineNow() + shift,
    machineNow,
    setShift: (shiftMs) => {
      shift = shiftMs;
    },
    shiftMs: () => shift,
  };
}

/** WeChat's times are whole seconds. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

const chinaOffsetMs = 8 * 3_600_000;

/** The calendar day in UTC+8, `2026-01-31`: daily quotas and statistics go by it. */
export function chinaDay(ms: number): string {
  return new Date(ms + chinaOffsetMs).toISOString().slice(0, 10);
}
