import { setTimeout as delay } from 'node:timers/promises';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { Recorded } from '@lingquan/recording';

/** How fast records are sent again: as far apart as they were, divided by `speed`; so many a second; or as fast as it goes. */
export type Pace = { kind: 'spaced'; speed: number } | { kind: 'rate'; perSecond: number } | { kind: 'fastest' };

const BATCH_MAX = 1000;

/** How long a replay takes at this pace, in milliseconds; undefined when only trying tells. */
export function durationAt(pace: Pace, records: number, spanMs: number): number | undefined {
  if (pace.kind === 'spaced') return spanMs / pace.speed;
  return pace.kind === 'rate' ? (1000 * records) / pace.perSecond : undefined;
}

/** Sends records to their partitions, each partition in its order. Ends early, without an error, when `stopped` fires. Resolves with how many were sent. */
export async function sendAgain(
  records: AsyncIterable<Recorded>,
  publish: (records: OutgoingRecord[]) => Promise<void>,
  { pace, stopped, onSent }: { pace: Pace; stopped: AbortSignal; onSent: (sent: number) => void },
): Promise<number> {
  const startedAt = performance.now();
  let firstMs: number | undefined;
  let sent = 0;
  let batch: OutgoingRecord[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    await publish(batch);
    onSent((sent += batch.length));
    batch = [];
  };
  for await (const record of records) {
    firstMs ??= record.timestampMs;
    const dueMs = dueAfter(pace, sent + batch.length, record.timestampMs - firstMs);
    const early = dueMs - (performance.now() - startedAt);
    if (early > 1) {
      await flush();
      await delay(Math.max(0, dueMs - (performance.now() - startedAt)), undefined, { signal: stopped }).catch(
        () => undefined, // looked at below
      );
    }
    if (stopped.aborted) return sent;
    batch.push(outgoing(record));
    if (batch.length >= BATCH_MAX) await flush();
  }
  await flush();
  return sent;
}

function dueAfter(pace: Pace, place: number, sinceFirstMs: number): number {
  if (pace.kind === 'spaced') return sinceFirstMs / pace.speed;
  return pace.kind === 'rate' ? (1000 * place) / pace.perSecond : 0;
}

function outgoing({ topic, partition, key, value, headers }: Recorded): OutgoingRecord {
  const single = Object.entries(headers).flatMap(([name, header]) =>
    header === undefined || Array.isArray(header) ? [] : [[name, header] as const],
  );
  return { topic, partition, key: key ?? '', value: value ?? Buffer.alloc(0), headers: Object.fromEntries(single) };
}
