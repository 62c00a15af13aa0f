import { decide } from '@lingquan/wechat-pay';
import type { Action, Operation, PlatformRefusal } from '@lingquan/wechat-pay';
import type { Tried } from './attempts.ts';
import { failed } from './outcome.ts';
import type { PayFailure } from './outcome.ts';

/** Calls that only ask: busy is waited out. What moves money is left to the caller, who knows its numbers. */
const asking: ReadonlySet<Operation> = new Set<Operation>(['query', 'query_refund', 'bill', 'certificates']);

/** A refusal, and whether the platform signed it. */
export type Refused = PlatformRefusal & { signed: boolean };

/**
 * What a refusal means for the call: its failure, and whether the same may be tried again. The platform signs what it answers to a request
 * it has verified; what is not signed comes from a gateway, or says that our own signature was wrong. It tells people where to look and
 * leaves the outcome open, whatever it says.
 */
export function judge(refusal: Refused, detail: string): Tried<never> {
  const action = isGateways(refusal) ? 'fail_fix' : decide(refusal);
  const { failure, again } = meaning(refusal, action);
  const code = refusal.code || `HTTP_${refusal.httpStatus}`;
  return { outcome: failed(refusal.signed ? failure : 'uncertain', code, { action, detail }), again };
}

function meaning(refusal: PlatformRefusal, action: Action): { failure: PayFailure['failure']; again: boolean } {
  if (action === 'retry_same_params') return { failure: 'uncertain', again: true };
  if (action === 'query_or_retry_same_params' || refusal.httpStatus === 202)
    return { failure: 'uncertain', again: false };
  if (action === 'wait_then_retry_same_params' && isBusy(refusal))
    return { failure: 'not_sent', again: asking.has(refusal.operation) };
  return { failure: 'refused', again: false };
}

/** Without a code of the platform: a wrong address or path, or a certificate that was not taken. */
const isGateways = ({ code, httpStatus }: PlatformRefusal): boolean =>
  code === '' && httpStatus >= 300 && httpStatus < 500 && ![408, 429].includes(httpStatus);

/** Too many requests, told from the other reasons to wait: no funds, a bill that is not ready. */
const isBusy = ({ httpStatus, code }: PlatformRefusal): boolean =>
  httpStatus === 429 || /FREQUENCY|RATELIMIT|TOO_?MUCH/i.test(code);
