import type { PartitionSummary } from '@lingquan/recording';
import { table } from '../table.ts';

const beijing = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** What a recording holds, a line for each partition; times are Beijing's. */
export const partitionsText = (partitions: readonly PartitionSummary[]): string =>
  table(
    ['主题 topic', '分区 partition', '条 records', '位移 offsets', '时间 time'],
    partitions.map(({ topic, partition, count, firstOffset, lastOffset, firstMs, lastMs }) => [
      topic,
      partition,
      count,
      `${firstOffset}–${lastOffset}`,
      `${beijing.format(firstMs)} – ${beijing.format(lastMs)}`,
    ]),
  );

/** A rate for people: `85 213/s`. */
export const perSecond = (count: number, seconds: number): string =>
  `${Math.round(count / Math.max(seconds, 0.001))
    .toLocaleString('en')
    .replaceAll(',', ' ')}/s`;

/** A size for people: `0.3 kB`, `12.5 MB`. */
export const bytesText = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** How far something is, how fast, and how long it will still take. `doneNow`: of what is done, what was done in these seconds; all, unless said. */
export function progressText({
  done,
  doneNow = done,
  of,
  seconds,
}: {
  done: number;
  doneNow?: number;
  of: number;
  seconds: number;
}): string {
  const share = of === 0 ? 100 : Math.floor((100 * done) / of);
  const left = doneNow === 0 ? '…' : `${Math.ceil(((of - done) * seconds) / doneNow)} s`;
  return `${done}/${of} (${share} %)  ${perSecond(doneNow, seconds)}  还需 left ${left}`;
}

/** Calls `tell` at most once a second. */
export function everySecond<T>(tell: (value: T) => void): (value: T) => void {
  let toldAt = performance.now();
  return (value) => {
    if (performance.now() - toldAt < 1000) return;
    toldAt = performance.now();
    tell(value);
  };
}
