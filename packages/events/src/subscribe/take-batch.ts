import { AppError } from '@lingquan/errors';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { TopicName } from '../catalogue.ts';
import { eventOf } from '../decode-event.ts';
import type { EventOf } from '../event.ts';
import { letterOf } from './dead-letters.ts';
import type { DeadLetter } from './dead-letters.ts';
import { deliver } from './deliver.ts';
import { keepMembership, withinTime } from './membership.ts';
import type { Settings } from './options.ts';
import type { Positions } from './positions.ts';
import { toRuns } from './runs.ts';

/** What a handler is told beside the events. */
export type Context = {
  /** Without the system's prefix. */
  topic: TopicName;
  partition: number;
  /** Events of this partition that were behind these when they were fetched. */
  lag: number;
  /** Aborted when the handler has taken too long and the subscription ends. */
  signal: AbortSignal;
};

export type Taking = {
  settings: Settings;
  positions: Positions;
  handler: (events: EventOf[], context: Context) => void | Promise<void>;
  putAside: ((letter: DeadLetter) => void | Promise<void>) | undefined;
  isStopping: () => boolean;
};

const COMMIT_EVERY_MS = 1000;
const HEARTBEAT_MS = 1000;

/**
 * Takes one batch of one partition from its place on: events to the handler, in order; what cannot be handled to the dead letters. Writes
 * the place once a second and at the end. Returns early, with the place written, when the subscription stops. Throws AppError when it cannot
 * go on, and kafkajs's own errors, which make kafkajs join again.
 */
export async function takeBatch(payload: EachBatchPayload, taking: Taking): Promise<void> {
  const { settings, positions, isStopping } = taking;
  const { batch } = payload;
  const at = { topic: batch.topic.slice(settings.prefix.length) as TopicName, partition: batch.partition };
  const membership = keepMembership(() => payload.heartbeat(), HEARTBEAT_MS);
  const onward = () => !isStopping() && payload.isRunning() && !payload.isStale() && membership.lost() === undefined;
  let next: number | undefined;
  let writtenAt = Date.now();

  const write = async () => {
    if (next === undefined) return;
    const offset = String(next);
    await payload.commitOffsetsIfNecessary({
      topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }],
    });
    writtenAt = Date.now();
  };
  const pass = (last: KafkaMessage) => {
    payload.resolveOffset(last.offset);
    next = Number(last.offset) + 1;
    positions.passed(batch.topic, batch.partition, next);
  };

  try {
    const read = ({ headers, key, value, offset }: KafkaMessage) =>
      eventOf(at.topic, headers ?? {}, { key, value, offset, partition: at.partition });
    for (const run of toRuns(batch.messages, read, settings.batchMax)) {
      if (!onward()) break;
      if (run.kind === 'unreadable') {
        await aside(run.record, at, run.error, taking);
        pass(run.record);
        continue;
      }
      const lag = Number(batch.highWatermark) - 1 - Number(run.records.at(-1)!.offset);
      if (!(await handle(run, { ...at, lag }, taking, onward, pass))) break;
      if (Date.now() - writtenAt >= COMMIT_EVERY_MS) await write();
    }
  } finally {
    membership.end();
    // Also before an error leaves: what was handled need not come again. That error counts, not this one.
    if (membership.lost() === undefined) await write();
    else await write().catch(() => undefined);
  }
  const lost = membership.lost();
  if (lost !== undefined) throw lost;
}

type EventsRun = { records: KafkaMessage[]; events: EventOf[] };

/** Whole, then one by one, so that the one that cannot be handled is found. False when it was given up. */
async function handle(
  { records, events }: EventsRun,
  where: Omit<Context, 'signal'>,
  taking: Taking,
  onward: () => boolean,
  pass: (last: KafkaMessage) => void,
): Promise<boolean> {
  const { settings, handler } = taking;
  const call = (some: EventOf[]) =>
    withinTime(settings.handlerTimeoutMs, (signal) => handler(some, { ...where, signal }));
  const { attempts, log } = settings;
  const delivered = (some: EventOf[]) => deliver(some, { call, attempts, onward, log });

  const whole = await delivered(events);
  if (whole.kind === 'done') pass(records.at(-1)!);
  if (whole.kind !== 'failed') return whole.kind === 'done';
  for (const [index, record] of records.entries()) {
    const alone = events.length === 1 ? whole : await delivered([events[index]!]);
    if (alone.kind === 'given up') return false;
    if (alone.kind === 'failed') await aside(record, where, alone.error, taking);
    pass(record);
  }
  return true;
}

/** To the dead letters; without any, the end. */
async function aside(
  record: KafkaMessage,
  at: { topic: TopicName; partition: number },
  error: unknown,
  { putAside }: Taking,
): Promise<void> {
  if (putAside === undefined)
    throw new AppError(
      error instanceof AppError ? error.code : 'internal',
      `${at.topic}[${at.partition}]@${record.offset} cannot be handled, and no deadLetters were named`,
      { cause: error },
    );
  try {
    await putAside(letterOf(record, at, error));
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `${at.topic}[${at.partition}]@${record.offset} cannot be put among the dead letters`,
      { cause },
    );
  }
}
