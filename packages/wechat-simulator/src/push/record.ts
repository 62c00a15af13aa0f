/** One try to deliver a push. */
export interface Attempt {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** From sending to the whole answer, or to giving up. */
  readonly ms: number;
  /** Why it does not count as answered. */
  readonly error?: string;
}

/** What a follower sees of a passive reply, in short: the text itself, or what the other types carry. */
export interface Reply {
  readonly type: string;
  /** The text; for other types their members as the reply gave them. */
  readonly content: unknown;
}

/** One push with all its attempts, as `/_sim/push` answers it. */
export interface PushRecord {
  readonly id: number;
  readonly appid: string;
  readonly openid: string;
  /** ISO 8601, by the platform's clock. */
  readonly at: string;
  /** MsgType, or the event's name. */
  readonly type: string;
  /** Null for events, which have none. */
  readonly msgId: string | null;
  readonly attempts: readonly Attempt[];
  /** As sent, and the same in clear (`xml` holds JSON for accounts with that format). */
  readonly request: { readonly url: string; readonly body: string; readonly xml: string };
  /** The last answer; null when none came. */
  readonly response: { readonly body: string; readonly xml: string; readonly contentType: string } | null;
  readonly reply: Reply | null;
  /** The line the follower sees because of it: the reply or the platform's own words; null for nothing. */
  readonly shown: string | null;
  /** Why the answer was not accepted. */
  readonly problem: string | null;
}
