const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The platform's days are those of Beijing (UTC+8 all year). */
const BEIJING_MS = 8 * HOUR_MS;

/**
 * A message is worth telling while the longest window a follower's action opens may be open (48 h after a message). The shorter
 * ones (a minute after a menu tap, a scan, a follow) the platform closes itself: it answers 45015, which is final.
 */
const WORTH_MS = 48 * HOUR_MS;
/** An outcome that is not there after an hour will not come: no campaign answered the push. */
const UNDECIDED_MS = HOUR_MS;

const FIRST_MS = SECOND_MS;
const LONGEST_MS = 5 * MINUTE_MS;

/** How long to wait before turn `turn + 1`: 1 s, 2 s, 4 s … 5 min, cut by up to half at random so that a crowd thins out. */
export function backOffMs(turn: number, random: number): number {
  return Math.min(FIRST_MS * 2 ** Math.max(0, turn - 1), LONGEST_MS) * (0.5 + random / 2);
}

/** The next full minute, when a limit per minute (45011) counts anew; over the ten seconds after it. */
export function nextMinuteMs(nowMs: number, random: number): number {
  return (Math.floor(nowMs / MINUTE_MS) + 1) * MINUTE_MS + random * 10 * SECOND_MS;
}

/**
 * The next midnight in Beijing, when a quota per day (45009) counts anew; over the ten minutes after it. The exact hour is
 * not documented.
 */
export function nextDayMs(nowMs: number, random: number): number {
  return (Math.floor((nowMs + BEIJING_MS) / DAY_MS) + 1) * DAY_MS - BEIJING_MS + random * 10 * MINUTE_MS;
}

/** Whether telling somebody at `atMs` what became of what they did at `askedAtMs` still makes sense. */
export const isWorthTelling = (askedAtMs: number, atMs: number): boolean => atMs - askedAtMs < WORTH_MS;

/** Whether an outcome that is still missing may yet come. */
export const mayBeDecided = (askedAtMs: number, nowMs: number): boolean => nowMs - askedAtMs < UNDECIDED_MS;
