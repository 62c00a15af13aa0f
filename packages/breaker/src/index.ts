import type { Log } from '@lingquan/log';
import CircuitBreaker from 'opossum';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

export type BreakerOptions = {
  /** The dependency, as metrics and logs name it. One breaker each, made once. */
  name: string;
  log: Log;
  metrics: Registry;
  /** Fewer calls than this in the window never open it: one early failure says nothing. */
  callsMin?: number;
  /** How long it stays open before one call is let through to try. */
  resetMs?: number;
};

export type Breaker = {
  /**
   * Does `work` unless the breaker is open. A throw counts as a failure and is passed on; so does a result `isFailure` says
   * is one (a refusal by the other side's rules is not: the dependency is well).
   */
  run: <T>(work: () => Promise<T>, isFailure: (result: T) => boolean) => Promise<Ran<T>>;
  isOpen: () => boolean;
  stop: () => void;
};

/** What became of the work: done, with its result, or not begun because the breaker is open. */
export type Ran<T> = { kind: 'done'; result: T } | { kind: 'open' };

/** Over half of the calls of ten seconds failed: enough to call it down, and it recovers as soon as one call succeeds. */
const WINDOW_MS = 10_000;
const FAILED_PERCENT = 50;

class FailedResult extends Error {
  readonly result: unknown;
  constructor(result: unknown) {
    super('failed');
    this.result = result;
  }
}

/**
 * A circuit breaker around one dependency: while most calls fail, further ones are refused at once instead of adding to its
 * trouble and waiting for its time-outs. Time-outs are the work's own business: an abandoned call would go on unseen.
 */
export function openBreaker({ name, log, metrics, callsMin = 10, resetMs = 5000 }: BreakerOptions): Breaker {
  const circuit = new CircuitBreaker((work: () => Promise<unknown>) => work(), {
    name,
    timeout: false,
    errorThresholdPercentage: FAILED_PERCENT,
    volumeThreshold: callsMin,
    resetTimeout: resetMs,
    rollingCountTimeout: WINDOW_MS,
    // Percentiles keep every latency of the window and sort them on each read; nobody reads them here.
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  });
  const state = stateGauge(metrics);
  state.set({ name }, 0);
  circuit.on('open', () => {
    state.set({ name }, 1);
    log.warn({ breaker: name }, 'too many calls fail; refusing them for a while');
  });
  circuit.on('halfOpen', () => state.set({ name }, 0.5));
  circuit.on('close', () => {
    state.set({ name }, 0);
    log.info({ breaker: name }, 'calls go through again');
  });
  return {
    run: async <T>(work: () => Promise<T>, isFailure: (result: T) => boolean): Promise<Ran<T>> => {
      try {
        const guarded = async () => {
          const result = await work();
          if (isFailure(result)) throw new FailedResult(result);
          return result;
        };
        return { kind: 'done', result: (await circuit.fire(guarded)) as T };
      } catch (error) {
        if (error instanceof FailedResult) return { kind: 'done', result: error.result as T };
        if ((error as NodeJS.ErrnoException).code === 'EOPENBREAKER') return { kind: 'open' };
        throw error;
      }
    },
    isOpen: () => circuit.opened,
    stop: () => circuit.shutdown(),
  };
}

const GAUGE = 'lingquan_breaker_state';

/** Breakers of one process share a gauge, told apart by name. */
function stateGauge(metrics: Registry): Gauge {
  const made = metrics.getSingleMetric(GAUGE);
  if (made instanceof Gauge) return made;
  return new Gauge({
    name: GAUGE,
    help: 'Circuit breakers: 0 closed, 0.5 trying one call, 1 open',
    labelNames: ['name'],
    registers: [metrics],
  });
}
