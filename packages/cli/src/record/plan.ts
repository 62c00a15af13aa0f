import { AppError } from '@lingquan/errors';
import type { Kafka } from '@lingquan/kafka';
import type { Range } from '@lingquan/recording';
import { placeKey } from './bound.ts';
import type { Bound } from './bound.ts';

export type Plan = { ranges: Range[]; until?: string };

/** What is to be recorded, in offsets. A `to` that lies ahead stays open until then. Throws `invalid` when an offset is not, or no longer, there. */
export async function planRecording(
  kafka: Kafka,
  { topics, from, to }: { topics: readonly string[]; from: Bound; to: Bound },
): Promise<Plan> {
  for (const bound of [from, to]) await checkPlaces(kafka, topics, bound);
  const ahead = to.kind === 'instant' && to.atMs > Date.now();
  const ranges: Range[] = [];
  for (const topic of topics) {
    const ends = await kafka.offsets(topic);
    const begins = from.kind === 'instant' ? await kafka.offsetsAt(topic, from.atMs) : [];
    const stops = to.kind === 'instant' && !ahead ? await kafka.offsetsAt(topic, to.atMs) : [];
    for (const { partition, low, high } of ends) {
      const at = (bound: Bound, found: { partition: number; offset: number }[], otherwise: number): number => {
        if (bound.kind === 'offsets') return bound.offsets.get(placeKey(topic, partition)) ?? otherwise;
        if (bound.kind === 'instant') return found.find((one) => one.partition === partition)?.offset ?? otherwise;
        return bound.kind === 'beginning' ? low : high;
      };
      const first = at(from, begins, low);
      const last = ahead ? null : at(to, stops, high);
      check(placeKey(topic, partition), { low, high, first, last });
      ranges.push({ topic, partition, from: first, to: last });
    }
  }
  return { ranges, ...(ahead ? { until: new Date(to.atMs).toISOString() } : {}) };
}

/** A partition that is not there would otherwise be recorded from its beginning, without a word. */
async function checkPlaces(kafka: Kafka, topics: readonly string[], bound: Bound): Promise<void> {
  if (bound.kind !== 'offsets') return;
  const there = await Promise.all(
    topics.map(async (topic) => (await kafka.offsets(topic)).map(({ partition }) => placeKey(topic, partition))),
  );
  const missing = [...bound.offsets.keys()].filter((place) => !there.flat().includes(place));
  if (missing.length > 0)
    throw new AppError(
      'invalid',
      `不在要录的主题里 not among the topics to record: ${missing.join(', ')}. 有 there are: ${there.flat().join(', ')}`,
    );
}

function check(
  place: string,
  { low, high, first, last }: { low: number; high: number; first: number; last: number | null },
) {
  if (first < low || first > high || (last !== null && last > high))
    throw new AppError('invalid', `${place} 只有位移 ${low}–${high} · holds offsets ${low} to ${high} only`);
  if (last !== null && last < first)
    throw new AppError('invalid', `${place} 终点在起点之前 · ends before it begins (${first} → ${last})`);
}
