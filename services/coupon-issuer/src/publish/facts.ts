import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { outcomeId, toHeaders, topics } from '@lingquan/events';
import type { Envelope } from '@lingquan/events';
import { CouponEventSchema, RefusalReason, Tell } from '@lingquan/events/coupon.ts';
import type { CouponClaimRefusedSchema, CouponClaimedSchema } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Reply } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { Attempt, Outcome, Settled } from '../domain/attempt.ts';
import type { Campaign, CouponWorth } from '../domain/campaign.ts';
import type { CommandOutcome } from '../domain/command.ts';

export const SOURCE = 'coupon-issuer';

const valueOf = ({ kind, valueFen, percent, thresholdFen }: CouponWorth) => ({
  kind,
  percent,
  valueFen: BigInt(valueFen),
  thresholdFen: BigInt(thresholdFen),
});

type Answered = Exclude<Outcome, { kind: 'no rule' }>;

const claimedOf = ({
  campaign,
  coupon,
}: Answered & { kind: 'granted' }): MessageInitShape<typeof CouponClaimedSchema> => ({
  code: coupon.code,
  campaignName: campaign.name,
  value: valueOf(campaign.worth),
  ...(campaign.closesAtMs === undefined ? {} : { closesAt: timestampFromMs(campaign.closesAtMs) }),
});

const refusedOf = ({
  campaign,
  refusal,
  shown,
}: Answered & { kind: 'refused' }): MessageInitShape<typeof CouponClaimRefusedSchema> => ({
  reason: refusal,
  campaignName: campaign.name,
  firstCode: refusal === RefusalReason.LIMIT_REACHED ? (shown?.code ?? '') : '',
  value: valueOf(campaign.worth),
  ...(campaign.opensAtMs === undefined ? {} : { opensAt: timestampFromMs(campaign.opensAtMs) }),
});

/** What ingress or the notifier words for the follower. */
export function replyOf(causeId: string, outcome: Outcome): Reply {
  switch (outcome.kind) {
    case 'no rule':
      return create(ReplySchema, { causeId, outcome: { case: 'noRule', value: {} } });
    case 'granted':
      return create(ReplySchema, { causeId, outcome: { case: 'claimed', value: claimedOf(outcome) } });
    case 'refused':
      return create(ReplySchema, { causeId, outcome: { case: 'refused', value: refusedOf(outcome) } });
    default:
      return outcome satisfies never;
  }
}

const follow = (cause: Envelope, type: string): Envelope => ({
  ...cause,
  id: outcomeId(cause.id, type),
  source: SOURCE,
  type,
});

/** The records one settled push gives: its fact, once, and the reply to whoever waits, each time. */
export function recordsOf({ attempt, outcome, repeat }: Settled): OutgoingRecord[] {
  const records: OutgoingRecord[] = [];
  if (outcome.kind !== 'no rule' && !repeat) records.push(claimFact(attempt, outcome));
  if (attempt.replyTo !== undefined) records.push(replyRecord(attempt, outcome));
  return records;
}

function claimFact({ envelope, appid, openid, tell }: Attempt, outcome: Answered): OutgoingRecord {
  const granted = outcome.kind === 'granted';
  const event = create(CouponEventSchema, {
    causeId: envelope.id,
    appid,
    openid,
    campaignId: outcome.campaign.id,
    tell: tell === 'reply' ? Tell.REPLY : Tell.CUSTOMER_SERVICE,
    event: granted
      ? { case: 'couponClaimed', value: claimedOf(outcome) }
      : { case: 'couponClaimRefused', value: refusedOf(outcome) },
  });
  return {
    topic: topics.couponEvents.name,
    key: openid,
    value: Buffer.from(toBinary(CouponEventSchema, event)),
    headers: toHeaders(follow(envelope, granted ? 'coupon.claimed' : 'coupon.claim_refused')),
  };
}

function replyRecord({ envelope, replyTo }: Attempt, outcome: Outcome): OutgoingRecord {
  return {
    topic: topics.ingressReplies.name,
    partition: replyTo!.partition,
    key: replyTo!.instance,
    value: Buffer.from(toBinary(ReplySchema, replyOf(envelope.id, outcome))),
    headers: toHeaders(follow(envelope, 'ingress.reply'), replyTo),
  };
}

/** The fact a campaign command gives, if it changed anything. */
export function campaignFacts(cause: Envelope, outcome: CommandOutcome): OutgoingRecord[] {
  if (outcome.kind !== 'created' && outcome.kind !== 'changed') return [];
  const { campaign } = outcome;
  const event = create(CouponEventSchema, {
    causeId: cause.id,
    appid: campaign.appid,
    campaignId: campaign.id,
    event:
      outcome.kind === 'created'
        ? { case: 'campaignCreated', value: { terms: termsOf(campaign) } }
        : { case: 'campaignChanged', value: { status: campaign.status, stock: BigInt(campaign.stock) } },
  });
  return [
    {
      topic: topics.couponEvents.name,
      key: campaign.id,
      value: Buffer.from(toBinary(CouponEventSchema, event)),
      headers: toHeaders(follow(cause, outcome.kind === 'created' ? 'campaign.created' : 'campaign.changed')),
    },
  ];
}

const termsOf = ({ appid, name, keyword, match, worth, stock, limitPerUser, opensAtMs, closesAtMs }: Campaign) => ({
  appid,
  name,
  keyword,
  match,
  limitPerUser,
  value: valueOf(worth),
  stock: BigInt(stock),
  ...(opensAtMs === undefined ? {} : { opensAt: timestampFromMs(opensAtMs) }),
  ...(closesAtMs === undefined ? {} : { closesAt: timestampFromMs(closesAtMs) }),
});
