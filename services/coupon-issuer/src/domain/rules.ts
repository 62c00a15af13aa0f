/** Part of a day in minutes from midnight, [fromMinute, untilMinute), Beijing time. */
export type DayHours = { fromMinute: number; untilMinute: number };

/** What and where a coupon is for. An empty list sets no bound; a line counts when `goods` or `categories` names it. */
export type Scope = { goods: string[]; categories: string[]; shops: string[] };

/** When and for what a coupon may be used: CouponRules of the schema, checked. */
export type Rules = {
  validFromMs: number | undefined;
  validUntilMs: number | undefined;
  /** 24 hours each, from the claim on; 0 is none. */
  validDays: number;
  /** 0 is Sunday; empty is every day. */
  weekdays: number[];
  /** Ascending, apart from each other; empty is all day. */
  hours: DayHours[];
  scope: Scope;
};

export const withoutBounds: Rules = Object.freeze({
  validFromMs: undefined,
  validUntilMs: undefined,
  validDays: 0,
  weekdays: [],
  hours: [],
  scope: { goods: [], categories: [], shops: [] },
});

const DAY_MS = 24 * 3600 * 1000;
const BEIJING_MS = 8 * 3600 * 1000;

/**
 * The instant from which a coupon claimed at `claimedAtMs` can no longer be used: the earlier of the rules' end and its days
 * from the claim; the campaign's end when there is neither; undefined is never.
 */
export function expiryOf({ rules, closesAtMs }: { rules: Rules; closesAtMs: number | undefined }, claimedAtMs: number) {
  const { validUntilMs, validDays } = rules;
  if (validUntilMs === undefined && validDays === 0) return closesAtMs;
  return Math.min(validUntilMs ?? Infinity, validDays === 0 ? Infinity : claimedAtMs + validDays * DAY_MS);
}

/** Day of the week (0 is Sunday) and minute of the day in Beijing, which keeps UTC+8 the whole year. */
export function beijingTime(nowMs: number): { weekday: number; minute: number } {
  const localMs = nowMs + BEIJING_MS;
  const day = Math.floor(localMs / DAY_MS);
  const weekday = (((day + 4) % 7) + 7) % 7; // day 0, 1 January 1970, was a Thursday
  return { weekday, minute: Math.floor((localMs - day * DAY_MS) / 60_000) };
}
