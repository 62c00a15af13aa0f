import type { Breaker } from '@lingquan/breaker';
import type { ApiRequest, Json, Platform } from './call.ts';
import type { ApiMeasure } from './measure.ts';
import { failed } from './outcome.ts';
import type { ApiOutcome, FailureKind } from './outcome.ts';

/** A group of interfaces that fail and recover together. */
export type Family = { call: (request: ApiRequest) => Promise<ApiOutcome<Json>>; isOpen: () => boolean };

/** Failures that say the platform is not well. Every other refusal is an answer like any other. */
const unwell: ReadonlySet<FailureKind> = new Set(['busy', 'not_sent', 'uncertain'] satisfies FailureKind[]);

/** Calls behind one breaker: while it is open they are `not_sent`. */
export function apiFamily(platform: Platform, breaker: Breaker, measure: ApiMeasure): Family {
  const isFailure = (outcome: ApiOutcome<Json>) => outcome.kind === 'failed' && unwell.has(outcome.failure);
  return {
    call: async (request) => {
      const startedAt = performance.now();
      const ran = await breaker.run(() => platform.call(request), isFailure);
      const outcome = ran.kind === 'done' ? ran.result : failed('not_sent', 'breaker open');
      measure.record(request.path, outcome, (performance.now() - startedAt) / 1000);
      return outcome;
    },
    isOpen: breaker.isOpen,
  };
}
