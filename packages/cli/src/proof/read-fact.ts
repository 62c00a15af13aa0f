import { crc32 } from 'node:zlib';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { decode } from '@lingquan/events';
import { headOf } from './head.ts';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import type { CouponEvent } from '@lingquan/events/coupon.ts';
import { CouponClaimRefusedSchema, CouponClaimedSchema } from '@lingquan/events/coupon.ts';
import { orderIn } from '../audit/event.ts';
import { placeOf } from '../audit/place.ts';
import type { Place } from '../audit/place.ts';
import type { ProofRecord } from './source.ts';
import { Wire, timestampIn } from './wire.ts';

/** What every fact of coupon.events says. */
type Said = {
  id: string;
  causeId: string;
  campaignId: string;
  timeMs: number;
  place: Place;
  /** Of the record's bytes: tells a fact published again from another one under its id. */
  digest: number;
};

/** What a claim came to. */
export type OutcomeFact = Said & {
  kind: 'outcome';
  openid: string;
  /** 0: granted; else why not (RefusalReason). */
  refusal: number;
  /** '' when refused. */
  code: string;
  /** 0: never. */
  expiresAtMs: number;
};

export type CampaignFact = Said & {
  kind: 'campaign';
  appid: string;
  change: CouponEvent['event'] & { case: 'campaignCreated' | 'campaignChanged' };
};

export type LifeFact = Said & {
  kind: 'life';
  openid: string;
  code: string;
  /** '' at a till, and where none is named. */
  outTradeNo: string;
  change: CouponEvent['event'];
  /** With a lock: when it ends. */
  untilMs: number;
};

export type CouponFact = OutcomeFact | CampaignFact | LifeFact;

const at = {
  causeId: CouponEventSchema.field.causeId.number,
  campaignId: CouponEventSchema.field.campaignId.number,
  openid: CouponEventSchema.field.openid.number,
};
const claimedAt = CouponEventSchema.fields.find(({ localName }) => localName === 'couponClaimed')!.number;
const refusedAt = CouponEventSchema.fields.find(({ localName }) => localName === 'couponClaimRefused')!.number;
const codeAt = CouponClaimedSchema.field.code.number;
const expiresAt = CouponClaimedSchema.field.expiresAt.number;
const reasonAt = CouponClaimRefusedSchema.field.reason.number;

/** Reads a record of coupon.events: outcomes of claims field by field, the rest, being rare, whole. Throws on what is none. */
export function couponFactOf(record: ProofRecord): CouponFact {
  const { id, timeMs } = headOf(record.headers);
  const value = record.value ?? Buffer.alloc(0);
  const place = placeOf(record);
  const digest = crc32(value);
  const outcome = outcomeIn(value);
  if (outcome !== undefined) return { kind: 'outcome', id, timeMs, place, digest, ...outcome };
  const { causeId, campaignId, appid, openid, event: change } = decode(CouponEventSchema, record.value);
  const said = { id, causeId, campaignId, timeMs, place, digest };
  if (change.case === 'campaignCreated' || change.case === 'campaignChanged')
    return { kind: 'campaign', ...said, appid, change };
  const code = change.value !== undefined && 'code' in change.value ? change.value.code : '';
  const untilMs =
    change.case === 'couponLocked' && change.value.until !== undefined ? timestampMs(change.value.until) : 0;
  return { kind: 'life', ...said, openid, code, outTradeNo: orderIn(change), change, untilMs };
}

/** The fields of a claim's outcome, or undefined when the event is another one. */
function outcomeIn(value: Buffer) {
  const wire = new Wire(value);
  let causeId = '';
  let campaignId = '';
  let openid = '';
  let code = '';
  let expiresAtMs = 0;
  let refusal = 0;
  let found = false;
  while (wire.next()) {
    if (wire.field === at.causeId) causeId = wire.text();
    else if (wire.field === at.campaignId) campaignId = wire.text();
    else if (wire.field === at.openid) openid = wire.text();
    else if (wire.field === claimedAt) {
      found = true;
      const claimed = wire.message();
      while (claimed.next()) {
        if (claimed.field === codeAt) code = claimed.text();
        else if (claimed.field === expiresAt) expiresAtMs = timestampIn(claimed.message());
        else claimed.skip();
      }
    } else if (wire.field === refusedAt) {
      found = true;
      refusal = -1; // a refusal that says no reason is one all the same
      const refused = wire.message();
      while (refused.next()) {
        if (refused.field === reasonAt) refusal = refused.varint();
        else refused.skip();
      }
    } else wire.skip();
  }
  return found ? { causeId, campaignId, openid, code, expiresAtMs, refusal } : undefined;
}
