import type { Envelope, ReplyAddress } from '@lingquan/events';
import type { Campaign, Refusal } from './campaign.ts';
import type { RuleBook } from './book.ts';
import { decideClaim } from './claim.ts';
import type { Trigger } from './keyword.ts';
import { expiryOf } from './rules.ts';

/** One push that may ask for a coupon. Its time is `envelope.timeMs`, the instant ingress took it. */
export type Attempt = {
  envelope: Envelope;
  appid: string;
  openid: string;
  /** Undefined when this kind of push never asks for a coupon. */
  trigger: Trigger | undefined;
  tell: 'reply' | 'customer-service';
  replyTo: ReplyAddress | undefined;
};

/** A coupon, new or already owned. A new one's `code` is filled in once the whole round is decided. */
export type Coupon = { serial: number; code: string };

/** What one follower holds of one campaign. */
export type Holding = { count: number; first: Coupon | undefined };

export type Outcome =
  /** No campaign answers. */
  | { kind: 'no rule' }
  /** Usable before `expiresAtMs`; undefined is for ever. */
  | { kind: 'granted'; campaign: Campaign; coupon: Coupon; expiresAtMs: number | undefined }
  | { kind: 'refused'; campaign: Campaign; refusal: Refusal; shown: Coupon | undefined };

/** An attempt with its outcome; `repeat` when the same push was decided before: it is answered again and counted once. */
export type Settled = { attempt: Attempt; outcome: Outcome; repeat: boolean };

/** Everything a round's attempts are decided from; `settle` keeps it true as it goes. */
export type ClaimState = {
  book: RuleBook;
  /** Coupons taken so far, by campaign id. */
  claimed: Map<string, number>;
  /** By `holdingKey`. */
  holdings: Map<string, Holding>;
  /** Outcomes of pushes decided before, by event id. */
  decided: Map<string, Outcome>;
};

export const holdingKey = (campaignId: string, openid: string): string => `${campaignId}\n${openid}`;

/** Decides one attempt and applies it to `state`: the same log gives the same outcomes, in whatever rounds it comes. */
export function settle(state: ClaimState, attempt: Attempt): Settled {
  const before = state.decided.get(attempt.envelope.id);
  if (before !== undefined) return { attempt, outcome: before, repeat: true };
  const { timeMs } = attempt.envelope;
  const campaign = attempt.trigger && state.book.find(attempt.appid, attempt.trigger, timeMs);
  if (campaign === undefined) return { attempt, outcome: { kind: 'no rule' }, repeat: false };

  const outcome = settleClaim(state, campaign, attempt.openid, timeMs);
  state.decided.set(attempt.envelope.id, outcome);
  return { attempt, outcome, repeat: false };
}

function settleClaim(state: ClaimState, campaign: Campaign, openid: string, timeMs: number): Outcome {
  const claimed = state.claimed.get(campaign.id) ?? 0;
  const key = holdingKey(campaign.id, openid);
  const holding = state.holdings.get(key) ?? { count: 0, first: undefined };
  const decision = decideClaim(campaign, claimed, holding.count, timeMs);
  switch (decision.kind) {
    case 'refused':
      return { kind: 'refused', campaign, refusal: decision.refusal, shown: holding.first };
    case 'granted': {
      const coupon = { serial: claimed + 1, code: '' };
      state.claimed.set(campaign.id, claimed + 1);
      state.holdings.set(key, { count: holding.count + 1, first: holding.first ?? coupon });
      return { kind: 'granted', campaign, coupon, expiresAtMs: expiryOf(campaign, timeMs) };
    }
    default:
      return decision satisfies never;
  }
}
