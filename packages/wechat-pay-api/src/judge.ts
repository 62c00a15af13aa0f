import { decide, type Operation, type PlatformRefusal } from '@lingquan/wechat-pay';
import type { Tried } from './attempts.ts';
import { failed } from './outcome.ts';

/** Calls that only ask: busy is waited out. What moves money is left to the caller, who knows its numbers. */
const asking: ReadonlySet<Operation> = new Set<Operation>(['query', 'query_refund', 'bill', 'certificates']);

/** What a refusal by the platform means for the call: its failure, and whether the same may be tried again. */
export function judge(refusal: PlatformRefusal, detail: string): Tried<never> {
  const { operation, httpStatus } = refusal;
  const code = refusal.code || `HTTP_${httpStatus}`;
  // A gateway's refusal, without a code of the platform: a wrong address or path.
  if (refusal.code === '' && httpStatus >= 300 && httpStatus < 500 && ![408, 429].includes(httpStatus))
    return { outcome: failed('refused', code, { action: 'fail_fix', detail }), again: false };
  const action = decide(refusal);
  const more = { action, detail };
  if (action === 'retry_same_params') return { outcome: failed('uncertain', code, more), again: true };
  if (action === 'query_or_retry_same_params' || httpStatus === 202)
    return { outcome: failed('uncertain', code, more), again: false };
  if (action === 'wait_then_retry_same_params' && isBusy(refusal))
    return { outcome: failed('not_sent', code, more), again: asking.has(operation) };
  return { outcome: failed('refused', code, more), again: false };
}

/** Too many requests, told from the other reasons to wait: no funds, a bill that is not ready. */
const isBusy = ({ httpStatus, code }: PlatformRefusal): boolean =>
  httpStatus === 429 || /FREQUENCY|RATELIMIT|TOO_?MUCH/i.test(code);
