import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { toHeaders, topics, uuidOf } from '@lingquan/events';
import type { ReplyAddress } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import { PaymentCommandSchema } from '@lingquan/events/payment.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { Ask } from '../asks/asks.ts';
import type { PricedLine } from '../domain/basket.ts';
import { describe } from '../domain/basket.ts';
import type { Owner } from '../domain/owner.ts';
import { SOURCE, traceOf } from './records.ts';

/** What somebody wants to buy, priced. */
export type NewOrder = {
  outTradeNo: string;
  owner: Owner;
  lines: readonly PricedLine[];
  /** Empty: in no shop, without a coupon. */
  shop: string;
  couponCode: string;
  payUntilMs: number;
};

/**
 * CreateOrder. Its id follows from the number and from what was asked for, prices apart: the same request is the same command also after
 * a price was changed, another request under the same number is another one, and payment refuses it.
 */
export function createOrder(order: NewOrder, nowMs: number): Ask {
  const { outTradeNo, owner, lines, shop, couponCode, payUntilMs } = order;
  const contents = JSON.stringify([lines.map(({ sku, quantity }) => [sku, quantity]), shop, couponCode]);
  const id = uuidOf('payment-command', outTradeNo, 'create', contents);
  const value: PaymentCommand = {
    case: 'createOrder',
    value: {
      outTradeNo,
      ...owner,
      basket: { lines: lines.map(lineOf), shop },
      couponCode,
      description: describe(lines),
      payUntil: timestampFromMs(payUntilMs),
    },
  };
  return { id, record: (replyTo) => paymentRecord(id, 'create_order', outTradeNo, value, nowMs, replyTo) };
}

/** CancelOrder: no reply is sent to it, the order's state tells. */
export function cancelOrder(outTradeNo: string, nowMs: number): OutgoingRecord {
  const id = uuidOf('payment-command', outTradeNo, 'cancel');
  return paymentRecord(id, 'cancel_order', outTradeNo, { case: 'cancelOrder', value: { outTradeNo } }, nowMs);
}

export type NewRefund = {
  outTradeNo: string;
  outRefundNo: string;
  /** 0: all that is left. */ refundFen: number;
  reason: string;
};

/** RequestRefund. Another sum under the same number is another command, and payment refuses it. */
export function requestRefund(refund: NewRefund, nowMs: number): Ask {
  const { outTradeNo, outRefundNo, refundFen, reason } = refund;
  const id = uuidOf('payment-command', outRefundNo, 'refund', String(refundFen));
  const value: PaymentCommand = {
    case: 'requestRefund',
    value: { outTradeNo, outRefundNo, refundFen: BigInt(refundFen), reason },
  };
  return { id, record: (replyTo) => paymentRecord(id, 'request_refund', outTradeNo, value, nowMs, replyTo) };
}

/** A code at a till. */
export type Redemption = {
  code: string;
  shop: string;
  cashier: string;
  idempotencyKey: string;
  lines: readonly PricedLine[];
  /** 0: not said. */
  amountFen: number;
};

/** RedeemCoupon by a till. Its id follows from the shop and the till's key alone: what is asked under it again is the same redemption. */
export function redeemCoupon(redemption: Redemption, nowMs: number): Ask {
  const { code, shop, cashier, idempotencyKey, lines, amountFen } = redemption;
  const id = uuidOf('redemption', shop, idempotencyKey);
  const basket = { lines: lines.map(lineOf), shop, amountFen: BigInt(amountFen) };
  const command = create(CouponCommandSchema, {
    command: { case: 'redeemCoupon', value: { code, by: { case: 'till', value: { shop, cashier, basket } } } },
  });
  const value = Buffer.from(toBinary(CouponCommandSchema, command));
  const envelope = { id, source: SOURCE, type: 'coupon.redeem', timeMs: nowMs, traceparent: traceOf(id) };
  return {
    id,
    record: (replyTo) => ({
      topic: topics.couponCommands.name,
      key: shop,
      value,
      headers: toHeaders(envelope, replyTo),
    }),
  };
}

type PaymentCommand = NonNullable<MessageInitShape<typeof PaymentCommandSchema>['command']>;

function paymentRecord(
  id: string,
  type: string,
  outTradeNo: string,
  command: PaymentCommand,
  nowMs: number,
  replyTo?: ReplyAddress,
): OutgoingRecord {
  const envelope = { id, source: SOURCE, type: `payment.${type}`, timeMs: nowMs, traceparent: traceOf(id) };
  return {
    topic: topics.paymentCommands.name,
    key: outTradeNo,
    value: Buffer.from(toBinary(PaymentCommandSchema, create(PaymentCommandSchema, { command }))),
    headers: toHeaders(envelope, replyTo),
  };
}

const lineOf = ({ unitPriceFen, ...line }: PricedLine) => ({ ...line, unitPriceFen: BigInt(unitPriceFen) });
