import { build } from 'hdr-histogram-js';
import type { Entry } from './entry.ts';

export type Percentiles = { count: number; p50: number; p95: number; p99: number; max: number };

/** From a push's place in the log to its reply's, milliseconds: a reply's entry is looked up by the id that its push foretells. */
export function startLatency() {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000,
    numberOfSignificantValueDigits: 3,
  });
  return {
    /** All of one bucket: pushes' entries (under their reply's id), and replies'. */
    take: (pushes: Entry[], replies: Entry[]): void => {
      const writtenAt = new Map(pushes.map(({ id, timestampMs }) => [id, timestampMs]));
      for (const { id, timestampMs } of replies) {
        const at = writtenAt.get(id);
        if (at !== undefined) histogram.recordValue(Math.min(3_600_000, Math.max(0, timestampMs - at)));
      }
    },
    result: (): Percentiles | undefined => {
      const at = (percentile: number) => histogram.getValueAtPercentile(percentile);
      const { totalCount: count } = histogram;
      return count === 0 ? undefined : { count, p50: at(50), p95: at(95), p99: at(99), max: histogram.maxValue };
    },
  };
}
