import { openBreaker } from '@lingquan/breaker';
import type { Breaker, BreakerOptions } from '@lingquan/breaker';
import type { Log } from '@lingquan/log';
import type { Action, Operation } from '@lingquan/wechat-pay';
import type { Registry } from 'prom-client';
import type { Addresses } from './addresses.ts';
import { attempt, type RetryOptions, type Tried } from './attempts.ts';
import { measureCalls } from './measure.ts';
import { failed } from './outcome.ts';
import type { PayFailure, PayOutcome } from './outcome.ts';

/** Makes a call: retries, breaker, metrics and log around one try. Never rejects. */
export type Caller = <T>(
  operation: Operation,
  places: Addresses,
  once: (origin: string) => Promise<Tried<T>>,
) => Promise<PayOutcome<T>>;

export type CallerOptions = {
  log: Log;
  metrics: Registry;
  retry: RetryOptions;
  breaker?: Pick<BreakerOptions, 'callsMin' | 'resetMs'>;
};

/** Interfaces that fail and recover together share a breaker. */
const families = {
  prepay: 'prepay',
  query: 'order',
  close: 'order',
  refund: 'refund',
  query_refund: 'refund',
  bill: 'bill',
  certificates: 'certificates',
} as const satisfies Record<Operation, string>;

type Family = (typeof families)[Operation];

export function callFamilies({ log, metrics, retry, breaker }: CallerOptions): { call: Caller; stop: () => void } {
  const measure = measureCalls(metrics);
  const stopping = new AbortController();
  const open = (name: Family) => openBreaker({ name: `wechat-pay ${name}`, log, metrics, ...breaker });
  const breakers: Record<Family, Breaker> = {
    prepay: open('prepay'),
    order: open('order'),
    refund: open('refund'),
    bill: open('bill'),
    certificates: open('certificates'),
  };
  const call: Caller = async (operation, places, once) => {
    const startedAt = performance.now();
    const hooks = { onRetry: () => measure.retried(operation), signal: stopping.signal };
    // Around all tries: an entry that is down and replaced by the other one is not a failure.
    const ran = await breakers[families[operation]].run(() => attempt(retry, places, hooks, once), isUnwell);
    const outcome = ran.kind === 'done' ? ran.result : failed('not_sent', 'breaker_open');
    measure.record(operation, outcome, (performance.now() - startedAt) / 1000);
    if (outcome.kind === 'failed') tell(log, operation, outcome);
    return outcome;
  };
  return {
    call,
    stop: () => {
      stopping.abort();
      for (const one of Object.values(breakers)) one.stop();
    },
  };
}

/** Says the platform is not well. A refusal by its rules is an answer like any other. */
const isUnwell = (outcome: PayOutcome<unknown>): boolean => outcome.kind === 'failed' && outcome.failure !== 'refused';

/** Refusals that are answers: their callers hear them as values. */
const answers: ReadonlySet<Action | undefined> = new Set<Action>([
  'not_there',
  'treat_as_success',
  'query_then_mark_paid',
]);

function tell(log: Log, call: Operation, { failure, code, action, detail }: PayFailure): void {
  const isNews = failure === 'uncertain' || action === 'fail_fix';
  const level = isNews ? 'warn' : answers.has(action) ? 'debug' : 'info';
  log[level]({ call, failure, code, action, detail }, 'a call to WeChat Pay did not succeed');
}
