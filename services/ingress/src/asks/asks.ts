import { AppError } from '@lingquan/errors';
import type { ReplyAddress } from '@lingquan/events';
import type { Reply } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { OutgoingRecord, Producer } from '@lingquan/kafka';
import type { Metrics } from '../metrics.ts';

export type Outcome = Reply['outcome'];

/** One command whose outcome somebody waits for. */
export type Ask = {
  /** The command's ce_id, which its reply names as its cause. */
  id: string;
  /** The command as a record, with the address its reply is to be sent to. */
  record: (replyTo: ReplyAddress) => OutgoingRecord;
};

export type Asks = {
  /**
   * Publishes the command and resolves with its outcome, or with 'late' when it is durable and the outcome is not in in time. The same
   * id asked for again meanwhile joins the wait and is not published again. Rejects with `unavailable` when Kafka did not take the
   * command in time, or too much is under way.
   */
  ask: (ask: Ask, nowMs: number) => Promise<Outcome | 'late'>;
  /** An outcome is in; whether somebody waited for it. */
  hear: (reply: Reply) => boolean;
  stop: () => void;
};

export type AsksOptions = {
  producer: Producer;
  metrics: Metrics;
  /** From the request to 'late', milliseconds. */
  waitMs: number;
  /** Waits at the same time; more are refused. */
  max: number;
  /** Where this instance reads outcomes. */
  instance: string;
  replyPartition: number;
  /** Whether outcomes would be read by now; until then nothing is taken. */
  hears: () => boolean;
};

type Waiting = {
  published: boolean;
  timer: NodeJS.Timeout;
  outcome: Promise<Outcome | 'late'>;
  resolve: (outcome: Outcome | 'late') => void;
  reject: (error: unknown) => void;
};

/**
 * Waits for the outcomes of commands: orders, refunds, redemptions. Apart from the intake of pushes, which promises an answer in 4.5 s,
 * remembers answers and tells the notifier; here whoever asked may ask again under the same id.
 */
export function openAsks(options: AsksOptions): Asks {
  const { producer, metrics, waitMs } = options;
  const waiting = new Map<string, Waiting>();
  metrics.asksUnderWay(() => waiting.size);

  function ask({ id, record }: Ask, nowMs: number): Promise<Outcome | 'late'> {
    const same = waiting.get(id);
    if (same !== undefined) return same.outcome;
    if (!options.hears()) return refused('kafka was not there yet since the start');
    if (waiting.size >= options.max) return refused('too many commands are under way');
    const { instance, replyPartition: partition } = options;
    const command = record({ instance, partition, deadlineMs: nowMs + waitMs });
    const one = wait(id);
    producer.publish([command]).then(
      () => (one.published = true),
      (error: unknown) => end(id, () => one.reject(error), 'unavailable'),
    );
    return one.outcome;
  }

  const refused = (why: string): Promise<never> => {
    metrics.asked('unavailable');
    return Promise.reject(new AppError('unavailable', why));
  };

  function wait(id: string): Waiting {
    const { promise: outcome, resolve, reject } = Promise.withResolvers<Outcome | 'late'>();
    const one = { published: false, timer: setTimeout(due, waitMs, id), outcome, resolve, reject };
    waiting.set(id, one);
    return one;
  }

  function due(id: string): void {
    const one = waiting.get(id);
    if (one?.published) return end(id, () => one.resolve('late'), 'late');
    end(id, () => one?.reject(new AppError('unavailable', 'kafka did not confirm in time')), 'unavailable');
  }

  function end(id: string, settle: () => void, result: 'answered' | 'late' | 'unavailable'): void {
    const one = waiting.get(id);
    if (one === undefined) return; // the outcome was faster than the confirmation
    clearTimeout(one.timer);
    waiting.delete(id);
    metrics.asked(result);
    settle();
  }

  return {
    ask,
    hear: ({ causeId, outcome }) => {
      const one = waiting.get(causeId);
      if (one === undefined) return false;
      metrics.replyUsed.inc();
      end(causeId, () => one.resolve(outcome), 'answered');
      return true;
    },
    stop: () => {
      for (const { timer } of waiting.values()) clearTimeout(timer);
    },
  };
}
