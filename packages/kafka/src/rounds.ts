import { setTimeout as delay } from 'node:timers/promises';
import { AppError, codeOf } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import type { IncomingRecord, PartitionBatch } from './records.ts';

/** Thrown by a round: this partition must be read again from `expected`, the position the store knows. */
export class PositionGap extends Error {
  readonly topic: string;
  readonly partition: number;
  readonly expected: number;

  constructor(topic: string, partition: number, expected: number) {
    super(`expected offset ${expected} of ${topic}[${partition}]`);
    this.topic = topic;
    this.partition = partition;
    this.expected = expected;
  }
}

export type RoundHandlers = {
  /**
   * Takes all batches of a round or none (throws). `unavailable` and `conflict` are tried again with back-off for as long
   * as it takes; anything else is tried twice, then record by record, and the one that still fails goes to `onPoison`.
   */
  onRound: (batches: PartitionBatch[]) => Promise<void>;
  /** Puts one record aside for good, with its reason, and moves past it. */
  onPoison: (record: IncomingRecord, error: unknown) => Promise<void>;
};

/** How a round is told to give up (the partition was taken away, the process stops) and keeps its place in the group. */
export type Attendance = { stillOurs: () => boolean; heartbeat: () => Promise<void> };

const TRIES_MAX = 2;
/** Well under the consumer's session, which lives on the heartbeat after each wait. */
const backOffMs = (attempt: number) => Math.min(50 * 2 ** attempt, 2000) * (0.5 + Math.random() / 2);

type Settled = { kind: 'done' } | { kind: 'gave up' } | { kind: 'failed'; error: unknown };

/** Does `work` until it succeeds, the round is given up, or it has failed `TRIES_MAX` times for a reason that does not pass. */
async function persist(work: () => Promise<void>, attendance: Attendance, log: Log): Promise<Settled> {
  let failures = 0;
  for (let attempt = 0; attendance.stillOurs(); attempt++) {
    try {
      await work();
      if (attempt > 1) log.info({ attempts: attempt + 1 }, 'it went through again');
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof PositionGap) throw error;
      const passing = codeOf(error) === 'unavailable' || codeOf(error) === 'conflict';
      if (attempt === 0 || !passing) log.warn({ err: error, attempt }, 'a round failed');
      if (!passing && ++failures >= TRIES_MAX) return { kind: 'failed', error };
      await delay(backOffMs(attempt));
      await attendance.heartbeat();
    }
  }
  return { kind: 'gave up' };
}

/**
 * Runs one round to its end. Resolves true when every batch is done, false when it was given up and must be read again.
 * A failing dependency is not poison: the round waits and tries on. Rejects with `internal` when a dead letter cannot be
 * written: the process stops rather than lose the record.
 */
export async function runRound(
  batches: PartitionBatch[],
  handlers: RoundHandlers,
  attendance: Attendance,
  log: Log,
): Promise<boolean> {
  const whole = await persist(() => handlers.onRound(batches), attendance, log);
  if (whole.kind !== 'failed') return whole.kind === 'done';
  for (const batch of batches) {
    for (const record of batch.records) {
      if (!(await runAlone({ ...batch, records: [record] }, record, handlers, attendance, log))) return false;
    }
  }
  return true;
}

/** One record by itself, so that a poisonous one is put aside alone. */
async function runAlone(
  batch: PartitionBatch,
  record: IncomingRecord,
  { onRound, onPoison }: RoundHandlers,
  attendance: Attendance,
  log: Log,
): Promise<boolean> {
  const alone = await persist(() => onRound([batch]), attendance, log);
  if (alone.kind !== 'failed') return alone.kind === 'done';
  const { topic, partition, offset } = record;
  log.error({ err: alone.error, topic, partition, offset }, 'a record cannot be handled; dead letter');
  const aside = await persist(() => onPoison(record, alone.error), attendance, log);
  if (aside.kind === 'failed')
    throw new AppError('internal', `the dead letter of ${topic}[${partition}]@${offset} cannot be written`, {
      cause: aside.error,
    });
  return aside.kind === 'done';
}
