const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** The platform's pauses before each repeat of a notice, about 24 h 4 m in all (reference A.6). */
const pausesMs = [
  15 * second,
  15 * second,
  30 * second,
  3 * minute,
  10 * minute,
  20 * minute,
  30 * minute,
  30 * minute,
  30 * minute,
  60 * minute,
  3 * hour,
  3 * hour,
  3 * hour,
  6 * hour,
  6 * hour,
];

export interface Pace {
  readonly noticeFactor: number;
  readonly noticeIntervalMs: number | null;
}

/** How long to wait after the `tries`-th failed try (1 is the first); undefined when that was the last. */
export function pauseAfter(tries: number, { noticeFactor, noticeIntervalMs }: Pace): number | undefined {
  const pause = pausesMs[tries - 1];
  if (pause === undefined) return undefined;
  return noticeIntervalMs ?? Math.round(pause * noticeFactor);
}
