import { setTimeout as delay } from 'node:timers/promises';
import type { Kafka, OffsetRange } from '@lingquan/kafka';
import type { Done, Writer } from '@lingquan/recording';

/** Records that arrive while a recording waits for its end are fetched this often. */
const FETCH_EVERY_MS = 5000;

export type RecordProgress = { done: number; of: number; seconds: number };

/**
 * Writes what `writer` was asked for (its meta) and is still missing. Ends with the recording's summary, or without one when `stopped`
 * fires first: the recording can then be resumed. What was deleted before it could be read is left out: offsets tell.
 */
export async function runRecord(
  kafka: Kafka,
  writer: Writer,
  { stopped, onProgress }: { stopped: AbortSignal; onProgress: (progress: RecordProgress) => void },
): Promise<Done | undefined> {
  const untilMs = writer.meta.until === undefined ? undefined : Date.parse(writer.meta.until);
  const startedAt = performance.now();
  let done = 0;
  for (;;) {
    const over = untilMs === undefined || Date.now() >= untilMs;
    const ranges = await missing(kafka, writer, over ? untilMs : undefined);
    const of = done + ranges.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
    const told = () => onProgress({ done, of, seconds: (performance.now() - startedAt) / 1000 });
    await kafka
      .readRanges(ranges, async ({ records }) => {
        if (stopped.aborted) throw new Stopped();
        await writer.append(records);
        done += records.length;
        told();
      })
      .catch(unlessStopped);
    if (stopped.aborted) {
      await writer.close();
      return undefined;
    }
    if (over) return writer.finish();
    await writer.flush(); // what there is can be read meanwhile
    told();
    await delay(Math.min(FETCH_EVERY_MS, Math.max(0, untilMs - Date.now())), undefined, { signal: stopped }).catch(
      unlessStopped,
    );
  }
}

class Stopped extends Error {}

function unlessStopped(error: unknown): void {
  if (error instanceof Stopped || (error instanceof Error && error.name === 'AbortError')) return;
  throw error;
}

/** What there is by now of the ranges asked for and not in the file; those without an end go up to `untilMs`, or the end of today's topic. */
async function missing(kafka: Kafka, { meta, next }: Writer, untilMs: number | undefined): Promise<OffsetRange[]> {
  const open = [...new Set(meta.ranges.filter(({ to }) => to === null).map(({ topic }) => topic))];
  const ends = new Map<string, number>();
  for (const topic of open) {
    const found =
      untilMs === undefined
        ? (await kafka.offsets(topic)).map(({ partition, high }) => ({ partition, offset: high }))
        : await kafka.offsetsAt(topic, untilMs);
    for (const { partition, offset } of found) ends.set(`${topic}/${partition}`, offset);
  }
  return meta.ranges.map(({ topic, partition, from, to }) => ({
    topic,
    partition,
    from: next(topic, partition) ?? from,
    to: to ?? ends.get(`${topic}/${partition}`) ?? from,
  }));
}
