import { create, toBinary } from '@bufbuild/protobuf';
import {
  CouponClaimRefusedSchema,
  CouponClaimedSchema,
  CouponEventSchema,
  RefusalReason,
  Tell,
} from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Attempt } from '../domain/attempt.ts';
import type { Campaign, Refusal } from '../domain/campaign.ts';
import { claimedOf, refusedOf } from './claim-words.ts';
import type { Answered } from './claim-words.ts';
import { messageWriter } from './message-writer.ts';

/**
 * The two messages every push gives, as the generic encoder would write them (a test holds them to it): they were a quarter of what a claim
 * costs. All of an outcome but the code is the same for a campaign's followers, so the generic encoder writes that, once.
 */

/** CouponClaimed or CouponClaimRefused: what stands before the code and behind it. */
export type ToldBytes = {
  granted: boolean;
  before: Uint8Array;
  code: string;
  codeField: number;
  behind: Uint8Array;
  size: number;
};

const event = CouponEventSchema.field;
const reply = ReplySchema.field;
const codeFields = {
  claimed: CouponClaimedSchema.field.code.number,
  refused: CouponClaimRefusedSchema.field.firstCode.number,
};
const nothing = new Uint8Array(0);

type Around = { before: Uint8Array; behind: Uint8Array };
type OfCampaign = { expiresAtMs: number | undefined; claimed: Around | undefined; refused: Map<Refusal, Around> };
const written = new WeakMap<Campaign, OfCampaign>();

export function toldBytes(outcome: Answered): ToldBytes {
  const granted = outcome.kind === 'granted';
  const code = granted
    ? outcome.coupon.code
    : outcome.refusal === RefusalReason.LIMIT_REACHED
      ? (outcome.shown?.code ?? '')
      : '';
  const { before, behind } = around(outcome);
  const codeField = granted ? codeFields.claimed : codeFields.refused;
  const codeSize = code === '' ? 0 : 2 + code.length; // the digits of a code, far fewer than 128
  return { granted, before, code, codeField, behind, size: before.length + codeSize + behind.length };
}

function around(outcome: Answered): Around {
  const { campaign } = outcome;
  let of = written.get(campaign);
  if (of === undefined)
    written.set(campaign, (of = { expiresAtMs: undefined, claimed: undefined, refused: new Map() }));
  if (outcome.kind === 'granted') {
    if (of.claimed === undefined || of.expiresAtMs !== outcome.expiresAtMs) {
      const coupon = { serial: 0, code: '' };
      of.claimed = { before: nothing, behind: toBinary(CouponClaimedSchema, claimedOf({ ...outcome, coupon })) };
      of.expiresAtMs = outcome.expiresAtMs;
    }
    return of.claimed;
  }
  let refused = of.refused.get(outcome.refusal);
  if (refused === undefined) {
    const whole = refusedOf({ ...outcome, shown: undefined });
    const { reason, campaignName } = whole;
    const before = toBinary(CouponClaimRefusedSchema, create(CouponClaimRefusedSchema, { reason, campaignName }));
    refused = { before, behind: toBinary(CouponClaimRefusedSchema, whole).subarray(before.length) };
    of.refused.set(outcome.refusal, refused);
  }
  return refused;
}

const writer = messageWriter();

function writeTold(field: number, { before, code, codeField, behind, size }: ToldBytes): void {
  writer.message(field, size);
  writer.fields(before);
  writer.text(codeField, code);
  writer.fields(behind);
}

/** A CouponEvent. */
export function claimFactBytes(
  { envelope, appid, openid, tell }: Attempt,
  campaignId: string,
  told: ToldBytes,
): Buffer {
  writer.begin();
  writer.text(event.causeId.number, envelope.id);
  writer.text(event.appid.number, appid);
  writer.text(event.campaignId.number, campaignId);
  writer.text(event.openid.number, openid);
  writeTold(told.granted ? event.couponClaimed.number : event.couponClaimRefused.number, told);
  writer.number(event.tell.number, tell === 'reply' ? Tell.REPLY : Tell.CUSTOMER_SERVICE);
  return writer.end();
}

/** A Reply; without an outcome no rule answers. */
export function replyBytes(causeId: string, told: ToldBytes | undefined): Buffer {
  writer.begin();
  writer.text(reply.causeId.number, causeId);
  if (told === undefined) writer.message(reply.noRule.number, 0);
  else writeTold(told.granted ? reply.claimed.number : reply.refused.number, told);
  return writer.end();
}
