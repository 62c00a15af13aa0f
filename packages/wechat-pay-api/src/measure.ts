import type { Operation } from '@lingquan/wechat-pay';
import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { PayOutcome } from './outcome.ts';

/** How WeChat Pay's interfaces do, for Prometheus. */
export function measureCalls(registry: Registry) {
  const registers = [registry];
  const calls = new Counter({
    name: 'lingquan_wechat_pay_calls_total',
    help: 'Calls to WeChat Pay, by what was asked and what became of it, retries included in one',
    labelNames: ['call', 'result'],
    registers,
  });
  const retries = new Counter({
    name: 'lingquan_wechat_pay_retries_total',
    help: 'Further tries within calls to WeChat Pay',
    labelNames: ['call'],
    registers,
  });
  const seconds = new Histogram({
    name: 'lingquan_wechat_pay_seconds',
    help: 'How long calls to WeChat Pay take, retries and pauses included',
    labelNames: ['call'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  return {
    record: (call: Operation, outcome: PayOutcome<unknown>, took: number): void => {
      calls.inc({ call, result: outcome.kind === 'ok' ? 'ok' : outcome.failure });
      seconds.observe({ call }, took);
    },
    retried: (call: Operation): void => retries.inc({ call }),
  };
}
