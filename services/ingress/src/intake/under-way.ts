import { AppError } from '@lingquan/errors';
import type { Answer } from '../domain/answer.ts';
import type { PushKind } from '../domain/push-kind.ts';
import type { Push } from '../publish/records.ts';

/** A push that is not answered yet, and everybody who waits for its answer. */
export type UnderWay = {
  push: Push;
  kind: PushKind;
  /** `published`: durable, its outcome is awaited. `telling`: too late, the notifier is being told. `settled`: over. */
  stage: 'taking' | 'published' | 'telling' | 'settled';
  /** performance.now() at the request. */
  startedAt: number;
  answer: Promise<Answer>;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

export type UnderWayList = {
  find: (id: string) => UnderWay | undefined;
  /** Throws `unavailable` when there are too many already. */
  open: (push: Push, kind: PushKind, startedAt: number) => UnderWay;
  settle: (one: UnderWay, answer: Answer) => void;
  fail: (one: UnderWay, error: unknown) => void;
  size: () => number;
  stop: () => void;
};

/** Lookouts for what is due come at least this far apart: with everything late, thousands are due one after the other. */
const LOOKOUT_MS = 20;

/**
 * The pushes under way. `onDue` gets each that is still here `waitMs` after its request. One timer serves them all: a timer
 * per push would cost more than the rest of its bookkeeping.
 */
export function underWayList(max: number, waitMs: number, onDue: (one: UnderWay) => void): UnderWayList {
  const list = new Map<string, UnderWay>();
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Infinity;

  const lookOutAt = (at: number) => {
    if (at >= timerAt) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(lookOut, at - performance.now());
  };

  function lookOut(): void {
    const now = performance.now();
    timerAt = Infinity;
    let next = Infinity;
    for (const one of list.values()) {
      const dueAt = one.startedAt + waitMs;
      if (dueAt <= now && one.stage !== 'telling') onDue(one);
      if (dueAt > now && dueAt < next) next = dueAt;
    }
    if (next < Infinity) lookOutAt(Math.max(next, now + LOOKOUT_MS));
  }

  const remove = (one: UnderWay) => {
    one.stage = 'settled';
    list.delete(one.push.id);
  };

  return {
    find: (id) => list.get(id),
    open: (push, kind, startedAt) => {
      if (list.size >= max) throw new AppError('unavailable', 'too many pushes are under way');
      const { promise: answer, resolve, reject } = Promise.withResolvers<Answer>();
      const one: UnderWay = { push, kind, stage: 'taking', startedAt, answer, resolve, reject };
      list.set(push.id, one);
      lookOutAt(startedAt + waitMs);
      return one;
    },
    settle: (one, answer) => {
      remove(one);
      one.resolve(answer);
    },
    fail: (one, error) => {
      remove(one);
      one.reject(error);
    },
    size: () => list.size,
    stop: () => clearTimeout(timer),
  };
}
