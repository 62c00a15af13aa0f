import type { CouponEvent } from '@lingquan/events/coupon.ts';
import type { InboundPush } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { PaymentEvent } from '@lingquan/events/payment.ts';
import type { CampaignTerms, CampaignStatus } from '@lingquan/events/coupon.ts';
import type { Rank } from '../proof/spans.ts';

/** A record, as a person is pointed to it. */
export type Where = {
  topic: string;
  partition: number;
  offset: number;
  id: string;
  /** The number of the batch in which it had its turn, when the journal tells. */
  batch?: number | undefined;
};

/** One follower's push. `rank` undefined while it had no turn. */
export type GatheredPush = { where: Where; timeMs: number; rank: Rank | undefined; push: InboundPush };

/** One fact about a follower's claim, or about a coupon. `rank` is its cause's. */
export type GatheredFact = { where: Where; timeMs: number; rank: Rank | undefined; event: CouponEvent };

export type GatheredPayment = { where: Where; timeMs: number; event: PaymentEvent };

/** A campaign's definition from one turn on. */
export type RuleVersion = {
  where: Where;
  campaignId: string;
  causeId: string;
  timeMs: number;
  rank: Rank | undefined;
  stock: number;
  status: CampaignStatus;
  /** With its creation. */
  terms: CampaignTerms | undefined;
};

/** Everything the topics have about one follower, or one coupon; each list in the order in which it was read. */
export type Gathered = {
  pushes: GatheredPush[];
  facts: GatheredFact[];
  payments: GatheredPayment[];
  versions: RuleVersion[];
};
