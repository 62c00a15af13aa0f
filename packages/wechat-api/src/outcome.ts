import type { ApiOutcome as AnswerKind } from '@lingquan/wechat';

/**
 * Why a call did not succeed (the platform's codes: reference sections 0 and 14, table in @lingquan/wechat), and three that
 * are not the platform's:
 *
 * - `not_sent`: the request did not leave (no connection, breaker open). It has had no effect.
 * - `uncertain`: it left, and no answer that can be understood came back. It may have had its effect: repeat only what may
 *   happen twice.
 * - `no_token`: there is no access token to call with; the call itself was not made.
 */
export type FailureKind = Exclude<AnswerKind, 'ok' | 'transport'> | 'not_sent' | 'uncertain' | 'no_token';

export type ApiFailure = {
  kind: 'failed';
  failure: FailureKind;
  /** The platform's, 0 when it gave none. */
  errcode: number;
  /** For logs: the platform's errmsg with its `rid`, or what broke. No secret and no openid is in it. */
  detail: string;
};

export type ApiOutcome<T> = { kind: 'ok'; value: T } | ApiFailure;

export const failed = (failure: FailureKind, detail: string, errcode = 0): ApiFailure => ({
  kind: 'failed',
  failure,
  errcode,
  detail,
});
