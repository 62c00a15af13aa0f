import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { ApiOutcome } from './outcome.ts';
import type { AccessTokens } from './tokens.ts';

export type ApiMeasure = {
  /** Counts a call that was made or refused by the breaker, and how long it took. */
  record: (path: string, outcome: ApiOutcome<unknown>, seconds: number) => void;
};

/** How the platform's interfaces do, for Prometheus. */
export function measureApi(registry: Registry): ApiMeasure {
  const registers = [registry];
  const calls = new Counter({
    name: 'lingquan_wechat_api_calls_total',
    help: "Calls to the platform's interfaces, by path and what became of them",
    labelNames: ['path', 'result'],
    registers,
  });
  const seconds = new Histogram({
    name: 'lingquan_wechat_api_seconds',
    help: "How long the platform's interfaces take, by path",
    labelNames: ['path'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  return {
    record: (path, outcome, took) => {
      calls.inc({ path, result: outcome.kind === 'ok' ? 'ok' : outcome.failure });
      seconds.observe({ path }, took);
    },
  };
}

/** Shows how old each account's token is: one that grows past two hours is not being replaced. */
export function measureTokenAge(registry: Registry, appids: readonly string[], tokens: AccessTokens): void {
  const age = new Gauge({
    name: 'lingquan_access_token_age_seconds',
    help: 'Age of the access token in use, by account; absent while there is none',
    labelNames: ['appid'],
    registers: [registry],
    collect: () => {
      age.reset();
      for (const appid of appids) {
        const fetchedAtMs = tokens.fetchedAtMs(appid);
        if (fetchedAtMs !== undefined) age.set({ appid }, (Date.now() - fetchedAtMs) / 1000);
      }
    },
  });
}
