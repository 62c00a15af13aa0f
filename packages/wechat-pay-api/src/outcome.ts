import type { Action } from '@lingquan/wechat-pay';

/**
 * Why a call did not succeed. What matters most is whether it can have had an effect:
 *
 * - `refused`: the platform said no, with a code; it has had none.
 * - `not_sent`: no connection, breaker open, or the platform was too busy to take it; it has had none, and may be made again as it is.
 * - `uncertain`: it left and no answer to be believed came back; it may have had its effect. Repeat it with the same numbers or query,
 *   never with a new number.
 */
export type PayFailure = {
  kind: 'failed';
  failure: 'refused' | 'uncertain' | 'not_sent';
  /** The platform's code as it spells it, `HTTP_…`, or what broke (`timeout`, `signature_mismatch`, `ECONNREFUSED`, …). */
  code: string;
  /** What the reference says to do, when the platform gave a code. */
  action: Action | undefined;
  /** For logs: the platform's message. No secret and no openid is in it. */
  detail: string;
};

/** Nothing here rejects: every call gives one of these. */
export type PayOutcome<T> = { kind: 'ok'; value: T } | PayFailure;

export const ok = <T>(value: T): PayOutcome<T> => ({ kind: 'ok', value });

export const failed = (
  failure: PayFailure['failure'],
  code: string,
  { action, detail = '' }: { action?: Action; detail?: string } = {},
): PayFailure => ({ kind: 'failed', failure, code, action, detail });
