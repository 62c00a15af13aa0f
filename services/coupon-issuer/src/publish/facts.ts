import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { toHeaders, topics } from '@lingquan/events';
import type { Envelope } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { rulesMessage, setsNoBound, valueMessage } from '../codec/coupon.ts';
import type { Attempt, Settled } from '../domain/attempt.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { CommandOutcome } from '../domain/command.ts';
import { claimFactBytes, replyBytes, toldBytes } from './claim-bytes.ts';
import type { ToldBytes } from './claim-bytes.ts';
import type { Answered } from './claim-words.ts';
import { follow } from './follow.ts';

/** The records one settled push gives: its fact, once, and the reply to whoever waits, each time. */
export function recordsOf({ attempt, outcome, repeat }: Settled): OutgoingRecord[] {
  const records: OutgoingRecord[] = [];
  const told = outcome.kind === 'no rule' ? undefined : toldBytes(outcome);
  if (outcome.kind !== 'no rule' && !repeat) records.push(claimFact(attempt, outcome, told!));
  if (attempt.replyTo !== undefined) records.push(replyRecord(attempt, told));
  return records;
}

function claimFact(attempt: Attempt, { campaign, kind }: Answered, told: ToldBytes): OutgoingRecord {
  const type = kind === 'granted' ? 'coupon.claimed' : 'coupon.claim_refused';
  return {
    topic: topics.couponEvents.name,
    key: attempt.openid,
    value: claimFactBytes(attempt, campaign.id, told),
    headers: toHeaders(follow(attempt.envelope, type)),
  };
}

function replyRecord({ envelope, replyTo }: Attempt, told: ToldBytes | undefined): OutgoingRecord {
  return {
    topic: topics.ingressReplies.name,
    partition: replyTo!.partition,
    key: replyTo!.instance,
    value: replyBytes(envelope.id, told),
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

const termsOf = ({
  appid,
  name,
  keyword,
  match,
  worth,
  rules,
  stock,
  limitPerUser,
  opensAtMs,
  closesAtMs,
}: Campaign) => ({
  appid,
  name,
  keyword,
  match,
  limitPerUser,
  value: valueMessage(worth),
  stock: BigInt(stock),
  ...(setsNoBound(rules) ? {} : { rules: rulesMessage(rules) }),
  ...(opensAtMs === undefined ? {} : { opensAt: timestampFromMs(opensAtMs) }),
  ...(closesAtMs === undefined ? {} : { closesAt: timestampFromMs(closesAtMs) }),
});
