import { build } from 'hdr-histogram-js';

/** Latencies in milliseconds, at the precision of three digits. */
export type Latency = { p50: number; p95: number; p99: number; max: number };

/** Counts and latencies of one run, or of a stretch of it. */
export type Tally = {
  record: (kind: string, latencyMs: number) => void;
  counts: () => Record<string, number>;
  total: () => number;
  latency: () => Latency;
  reset: () => void;
};

const microsecondsMax = 120_000_000;

export function startTally(): Tally {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: microsecondsMax,
    numberOfSignificantValueDigits: 3,
  });
  const counts = new Map<string, number>();
  /** The histogram gives the upper end of a bucket, which for the last one lies above what was seen. */
  const at = (percentile: number) => Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue) / 1000;
  return {
    record: (kind, latencyMs) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      histogram.recordValue(Math.min(microsecondsMax, Math.max(1, Math.round(latencyMs * 1000))));
    },
    counts: () => Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one)),
    total: () => histogram.totalCount,
    latency: () => ({ p50: at(50), p95: at(95), p99: at(99), max: histogram.maxValue / 1000 }),
    reset: () => {
      histogram.reset();
      counts.clear();
    },
  };
}
