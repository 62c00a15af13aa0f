import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { decode, toHeaders, topics, uuidOf } from '@lingquan/events';
import { BasketSchema, CouponCommandSchema } from '@lingquan/events/coupon.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { CouponAction } from '../domain/change.ts';
import type { Order } from '../domain/order.ts';
import { SOURCE } from './source.ts';
import type { Cause } from './source.ts';

/** A lock outlives its order by this much: a safety net, payment itself releases it. */
const LOCK_BEYOND_MS = 30 * 60_000;

type Command = NonNullable<MessageInitShape<typeof CouponCommandSchema>['command']>;

function commandOf(
  { outTradeNo, appid, openid, basket, couponCode: code, payUntilMs }: Order,
  action: CouponAction,
): Command {
  switch (action) {
    case 'lock': {
      const until = timestampFromMs(payUntilMs + LOCK_BEYOND_MS);
      const value = { code, outTradeNo, appid, openid, basket: decode(BasketSchema, basket), until };
      return { case: 'lockCoupon', value };
    }
    case 'redeem':
      return { case: 'redeemCoupon', value: { code, by: { case: 'order', value: { outTradeNo } } } };
    case 'release':
      return { case: 'releaseCoupon', value: { code, outTradeNo } };
    case 'return':
      return { case: 'returnCoupon', value: { code, outTradeNo } };
    default:
      return action satisfies never;
  }
}

/** A command to the issuer about the order's coupon, for `coupon.commands`. There is one of each kind per order, with one id for ever. */
export const couponCommand = (order: Order, action: CouponAction, cause: Cause): OutgoingRecord => ({
  topic: topics.couponCommands.name,
  key: order.openid,
  value: Buffer.from(toBinary(CouponCommandSchema, create(CouponCommandSchema, { command: commandOf(order, action) }))),
  headers: toHeaders({
    id: uuidOf('coupon-command', order.outTradeNo, action),
    source: SOURCE,
    type: `coupon.${action}`,
    timeMs: cause.timeMs,
    traceparent: order.traceparent ?? cause.traceparent,
  }),
});
