/** Why a follower is not told after all. `GiveUpReason` of the schema, in the words of rows, metrics and answers. */
export type Reason = 'unreachable' | 'uncertain' | 'rejected' | 'expired' | 'nothing_due';

export const states = ['due', 'sending', 'delivered', 'given_up'] as const;
export type State = (typeof states)[number];

/** Somebody who is to be told what became of a push. Instants are milliseconds since 1970. */
export type Asked = {
  causeId: string;
  appid: string;
  openid: string;
  askedAtMs: number;
  /** The outcome (lingquan.ingress.v1.Reply) if it came along; otherwise the coupon issuer is asked. */
  outcome: Uint8Array | undefined;
  traceparent: string | undefined;
};

/** A delivery that was taken up: this turn of it is ours until somebody takes the next. */
export type Delivery = Asked & { turn: number; attempts: number };

/** How a delivery ended. */
export type Ending =
  | { kind: 'delivered' }
  | {
      kind: 'given_up';
      reason: Reason;
      /** The platform's, 0 when it gave none. */
      errcode: number;
    };

/** What to do with a delivery now: it has ended, or is taken up again later. */
export type Verdict = Ending | { kind: 'again'; atMs: number; errcode: number };

export const givenUp = (reason: Reason, errcode = 0): Ending => ({ kind: 'given_up', reason, errcode });
