import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@lingquan/errors';
import { type Dispatcher, request } from 'undici';
import type { Fault, Faults } from '../state/faults.ts';
import type { Attempt } from './record.ts';
import type { SealedPush } from './seal.ts';

/** Pushing to a service: how long to wait, and how. */
export interface Delivery {
  readonly dispatcher: Dispatcher;
  readonly timeoutMs: number;
  /** Before a repeat after anything but a time-out. */
  readonly retryPauseMs: number;
  readonly faults: Faults;
  /** Aborts what is under way when the simulator stops. */
  readonly stopping: AbortSignal;
}

/** One answer that came in time with status 200. */
export interface Answer {
  readonly body: string;
  readonly contentType: string;
}

export interface Delivered {
  readonly attempts: readonly Attempt[];
  /** The last answer whatever its status; undefined when none came. */
  readonly last: Answer | undefined;
  /** Whether that answer came with status 200. */
  readonly answered: boolean;
}

/** The first try and three repeats (reference 4.3). */
const attemptsMax = 4;

/**
 * Delivers a push: at once, then up to three times more while no answer with status 200 comes within the time-out. A time-out is
 * followed by the repeat at once; other failures after `retryPauseMs`. `sealAgain` gives the request of each attempt.
 */
export async function deliver(
  delivery: Delivery,
  appid: string,
  sealAgain: (attempt: number) => SealedPush,
): Promise<Delivered> {
  const attempts: Attempt[] = [];
  let last: Answer | undefined;
  for (;;) {
    const { attempt, answer } = await tryOnce(delivery, appid, sealAgain(attempts.length));
    attempts.push(attempt);
    last = answer ?? last;
    if (attempt.error === undefined) return { attempts, last, answered: true };
    if (attempts.length === attemptsMax || delivery.stopping.aborted) return { attempts, last, answered: false };
    if (attempt.status !== 0 || attempt.error !== 'timeout') await pause(delivery.retryPauseMs);
  }
}

interface Tried {
  readonly attempt: Attempt;
  readonly answer: Answer | undefined;
}

async function tryOnce(delivery: Delivery, appid: string, push: SealedPush): Promise<Tried> {
  const startedAt = performance.now();
  const elapsed = () => Math.round((performance.now() - startedAt) * 10) / 10;
  const timeout = AbortSignal.timeout(delivery.timeoutMs);
  const signal = AbortSignal.any([timeout, delivery.stopping]);
  const { delayMs, other } = delivery.faults.take('push', { path: '', appid, withToken: false });
  try {
    await beforeSending(other, delivery.timeoutMs, signal);
    const response = await request(push.url, {
      method: 'POST',
      headers: { 'content-type': push.contentType, 'user-agent': 'Mozilla/4.0', accept: '*/*' },
      body: push.body,
      signal,
      dispatcher: delivery.dispatcher,
    });
    const body = await response.body.text();
    await afterAnswer(other, delayMs, delivery.timeoutMs, signal);
    const contentType = String(response.headers['content-type'] ?? '');
    const status = response.statusCode;
    const attempt = status === 200 ? { status, ms: elapsed() } : { status, ms: elapsed(), error: `HTTP ${status}` };
    return { attempt, answer: { body, contentType } };
  } catch (error) {
    const reason = timeout.aborted ? 'timeout' : messageOf(error);
    return { attempt: { status: 0, ms: elapsed(), error: reason }, answer: undefined };
  }
}

/** A push that is lost on its way is one nobody answers. */
async function beforeSending(fault: Fault | undefined, timeoutMs: number, signal: AbortSignal): Promise<void> {
  if (fault?.kind === 'reset') throw new Error('connection reset (fault)');
  if (fault?.kind === 'lost' && fault.when !== 'after') await pause(timeoutMs * 2, undefined, { signal });
}

async function afterAnswer(
  fault: Fault | undefined,
  delayMs: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const lost = fault?.kind === 'lost' && fault.when === 'after';
  const wait = lost ? timeoutMs * 2 : delayMs;
  if (wait > 0) await pause(wait, undefined, { signal });
}
