import { AppError } from '@lingquan/errors';
import type { ReplyAddress } from '@lingquan/events';
import type { Reply } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Producer } from '@lingquan/kafka';
import { wordOutcome, wordTooFast, wordTryLater } from '@lingquan/wording';
import type { Language } from '@lingquan/wording';
import { LATE, SUCCESS } from '../domain/answer.ts';
import type { Answer, KeptAnswer } from '../domain/answer.ts';
import { kindOf } from '../domain/push-kind.ts';
import type { Metrics } from '../metrics.ts';
import { inboundRecord, tellRecord } from '../publish/records.ts';
import type { Push } from '../publish/records.ts';
import type { Recall } from '../store/recall.ts';
import { underWayList } from './under-way.ts';
import type { UnderWay } from './under-way.ts';

/** WeChat gives up after 5 s; the promise is 4.5 s, and writing the answer takes a moment too. */
const ANSWER_MS = 4450;

export type IntakeOptions = {
  producer: Producer;
  recall: Recall;
  metrics: Metrics;
  language: Language;
  outcomeWaitMs: number;
  underWayMax: number;
  /** Where this instance reads outcomes. */
  instance: string;
  replyPartition: number;
  /** Whether outcomes would be read by now; until then nothing is taken. */
  hears: () => boolean;
};

/** How a push arrived. */
export type Arrival = {
  /** performance.now() at the request. */
  startedAt: number;
  /** Its address did too much this minute. */
  addressIsOver: boolean;
  /** Called when it is WeChat's repeat of a push already counted. */
  onRepeat: () => void;
};

export type Intake = {
  /** Resolves with the answer within 4.5 s of the request. Rejects with `unavailable` when the push cannot be taken durably. */
  take: (push: Push, arrival: Arrival) => Promise<Answer>;
  /** The outcome of a push is in: whoever waits for it is answered. */
  hear: (reply: Reply) => void;
  stop: () => void;
};

/** Takes pushes: joins a repeat to the one under way, asks Redis, publishes durably, waits for the outcome. */
export function openIntake(options: IntakeOptions): Intake {
  const { producer, recall, metrics, language } = options;
  const underWay = underWayList(options.underWayMax, options.outcomeWaitMs, due);
  metrics.underWay(underWay.size);

  function take(push: Push, arrival: Arrival): Promise<Answer> {
    const same = underWay.find(push.id);
    if (same !== undefined) {
      metrics.joined.inc();
      arrival.onRepeat();
      return same.answer;
    }
    const one = underWay.open(push, kindOf(push.content), arrival.startedAt);
    void takeIn(one, arrival).catch((error: unknown) => fail(one, error));
    return one.answer;
  }

  async function takeIn(one: UnderWay, arrival: Arrival): Promise<void> {
    const { push, kind } = one;
    const known = await answerKnown(one, arrival);
    if (one.stage === 'settled') return;
    if (known !== undefined) return underWay.settle(one, known);
    if (!options.hears()) throw new AppError('unavailable', 'kafka was not there yet since the start');
    await producer.publish([inboundRecord(push, kind.awaitsOutcome ? replyTo(push) : undefined)]);
    // The outcome may have been faster than the confirmation, and so may the end of the wait.
    if (one.stage !== 'taking') return;
    if (kind.awaitsOutcome) one.stage = 'published';
    else settle(one, SUCCESS);
  }

  /** The answer when it needs no outcome: given before, or the follower was too fast. Undefined: take it. */
  async function answerKnown({ push, kind }: UnderWay, arrival: Arrival): Promise<Answer | undefined> {
    if (!kind.awaitsOutcome && !kind.isLimited) return undefined;
    const counted = kind.isLimited && !arrival.addressIsOver;
    const known = await recall.ask(push.id, push.content, counted).catch(() => metrics.redisFailed('recall'));
    if (known?.kind === 'answered') {
      metrics.recalled.inc();
      arrival.onRepeat();
      return known.answer;
    }
    if (kind.isLimited && arrival.addressIsOver) {
      metrics.limitedAddress.inc();
      return { kind: 'limited', text: wordTryLater(language) };
    }
    if (known?.kind !== 'limited') return undefined;
    metrics.limitedFollower.inc();
    const now = push.receivedAtMs;
    return { kind: 'limited', text: wordTooFast(now + known.waitMs, { language, now }) };
  }

  const replyTo = ({ receivedAtMs }: Push): ReplyAddress => ({
    instance: options.instance,
    partition: options.replyPartition,
    deadlineMs: receivedAtMs + options.outcomeWaitMs,
  });

  /** The answer of a push that was taken: kept for its repeats. */
  function settle(one: UnderWay, answer: KeptAnswer): void {
    underWay.settle(one, answer);
    const { push, kind } = one;
    if (!kind.awaitsOutcome && !kind.isLimited) return;
    recall.remember(push.id, push.content, answer).catch(() => metrics.redisFailed('remember'));
  }

  function fail(one: UnderWay, error: unknown): void {
    if (one.stage !== 'settled') underWay.fail(one, error);
  }

  function hear({ causeId, outcome }: Reply): void {
    const one = underWay.find(causeId);
    // Once the notifier is being told, the follower would hear it twice.
    if (one === undefined || one.stage === 'telling') return metrics.replyUnclaimed.inc();
    metrics.replyUsed.inc();
    metrics.waited(performance.now() - one.startedAt);
    const text = wordOutcome(outcome, { language, now: one.push.receivedAtMs });
    settle(one, text === undefined ? SUCCESS : { kind: 'text', text });
  }

  /** The wait is over: the notifier shall tell the outcome, and only once it durably knows is the push answered empty. */
  function due(one: UnderWay): void {
    if (one.stage === 'taking') return fail(one, new AppError('unavailable', 'kafka did not confirm in time'));
    one.stage = 'telling';
    const left = Math.max(one.startedAt + ANSWER_MS - performance.now(), 0);
    const timer = setTimeout(fail, left, one, new AppError('unavailable', 'the notifier could not be told in time'));
    producer.publish([tellRecord(one.push)]).then(
      () => {
        clearTimeout(timer);
        if (one.stage === 'telling') settle(one, LATE);
      },
      (error: unknown) => {
        clearTimeout(timer);
        fail(one, error);
      },
    );
  }

  return { take, hear, stop: underWay.stop };
}
