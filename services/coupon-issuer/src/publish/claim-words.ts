import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { CouponClaimRefusedSchema, CouponClaimedSchema, RefusalReason } from '@lingquan/events/coupon.ts';
import type { CouponClaimRefused, CouponClaimed } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Reply } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { valueMessage } from '../codec/coupon.ts';
import type { Outcome } from '../domain/attempt.ts';

/** What a campaign answered. */
export type Answered = Exclude<Outcome, { kind: 'no rule' }>;

/** An outcome in the schema's words, the same in the fact and in the reply. */
export type Told = { case: 'claimed'; value: CouponClaimed } | { case: 'refused'; value: CouponClaimRefused };

export const toldOf = (outcome: Answered): Told =>
  outcome.kind === 'granted'
    ? { case: 'claimed', value: claimedOf(outcome) }
    : { case: 'refused', value: refusedOf(outcome) };

export const claimedOf = ({ campaign, coupon, expiresAtMs }: Answered & { kind: 'granted' }): CouponClaimed =>
  create(CouponClaimedSchema, {
    code: coupon.code,
    campaignName: campaign.name,
    value: valueMessage(campaign.worth),
    ...(campaign.closesAtMs === undefined ? {} : { closesAt: timestampFromMs(campaign.closesAtMs) }),
    ...(expiresAtMs === undefined ? {} : { expiresAt: timestampFromMs(expiresAtMs) }),
  });

export const refusedOf = ({ campaign, refusal, shown }: Answered & { kind: 'refused' }): CouponClaimRefused =>
  create(CouponClaimRefusedSchema, {
    reason: refusal,
    campaignName: campaign.name,
    firstCode: refusal === RefusalReason.LIMIT_REACHED ? (shown?.code ?? '') : '',
    value: valueMessage(campaign.worth),
    ...(campaign.opensAtMs === undefined ? {} : { opensAt: timestampFromMs(campaign.opensAtMs) }),
  });

/** What ingress or the notifier words for the follower. */
export const replyOf = (causeId: string, outcome: Outcome): Reply =>
  create(ReplySchema, {
    causeId,
    outcome: outcome.kind === 'no rule' ? { case: 'noRule', value: {} } : toldOf(outcome),
  });
