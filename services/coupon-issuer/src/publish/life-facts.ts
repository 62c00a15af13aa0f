import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { toHeaders, topics } from '@lingquan/events';
import type { Envelope } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import type { BasketSchema, UnusableSchema } from '@lingquan/events/coupon.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { discountMessage } from '../codec/coupon.ts';
import type { Basket } from '../domain/basket.ts';
import type { Unusable } from '../domain/discount.ts';
import type { LifeCommand, LifeFact } from '../domain/life.ts';
import type { OwnedCoupon } from '../domain/owned-coupon.ts';
import { follow } from './follow.ts';

type Event = NonNullable<MessageInitShape<typeof CouponEventSchema>['event']>;

/**
 * One fact about a coupon, keyed by its follower. `several` names the coupon when its cause speaks of more than one, so that
 * each fact keeps an id of its own.
 */
export function factRecord(cause: Envelope, coupon: OwnedCoupon, fact: LifeFact, several?: string): OutgoingRecord {
  const { appid, campaignId, openid, code } = coupon;
  const type = `coupon.${fact.kind}`;
  const event = create(CouponEventSchema, { causeId: cause.id, appid, campaignId, openid, event: eventOf(code, fact) });
  return {
    topic: topics.couponEvents.name,
    key: openid,
    value: Buffer.from(toBinary(CouponEventSchema, event)),
    headers: toHeaders(follow(cause, type, several === undefined ? type : `${type} ${several}`)),
  };
}

function eventOf(code: string, fact: LifeFact): Event {
  switch (fact.kind) {
    case 'locked': {
      const { outTradeNo, untilMs, discount } = fact;
      const until = timestampFromMs(untilMs);
      return { case: 'couponLocked', value: { code, outTradeNo, until, discount: discountMessage(discount) } };
    }
    case 'released':
      return { case: 'couponReleased', value: { code, outTradeNo: fact.outTradeNo, cause: fact.cause } };
    case 'redeemed': {
      const discount = fact.discount === undefined ? {} : { discount: discountMessage(fact.discount) };
      return { case: 'couponRedeemed', value: { code, ...discount, by: byOf(fact.command) } };
    }
    case 'returned':
      return { case: 'couponReturned', value: { code, outTradeNo: fact.outTradeNo } };
    case 'expired':
      return { case: 'couponExpired', value: { code, expiredAt: timestampFromMs(fact.atMs) } };
    case 'revoked':
      return { case: 'couponRevoked', value: { code, reason: fact.reason } };
    case 'use_refused':
      return { case: 'couponUseRefused', value: { code, why: unusableMessage(fact.why), by: byOf(fact.command) } };
    default:
      return fact satisfies never;
  }
}

function byOf(command: LifeCommand & { kind: 'lock' | 'redeem' | 'redeem at till' }) {
  if (command.kind !== 'redeem at till') return { case: 'order', value: { outTradeNo: command.outTradeNo } } as const;
  const { shop, cashier, basket } = command;
  return { case: 'till', value: { shop, cashier, basket: basketMessage(basket) } } as const;
}

const basketMessage = ({ lines, shop, amountFen }: Basket): MessageInitShape<typeof BasketSchema> => ({
  lines: lines.map((line) => ({ ...line, unitPriceFen: BigInt(line.unitPriceFen) })),
  shop,
  amountFen: BigInt(amountFen),
});

/** Why not, in the schema's words. */
export const unusableMessage = ({
  reason,
  missingFen = 0,
  atMs = 0,
}: Unusable): MessageInitShape<typeof UnusableSchema> => ({
  reason,
  missingFen: BigInt(missingFen),
  atMs: BigInt(atMs),
});
