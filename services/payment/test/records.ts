import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { toHeaders, topics, uuidOf } from '@lingquan/events';
import type { ReplyAddress } from '@lingquan/events';
import type { CouponAction, UnusableReason } from '@lingquan/events/coupon.ts';
import { PaymentCommandSchema, PaymentNotificationSchema } from '@lingquan/events/payment.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { appid } from './wechat-pay.ts';

/** Where ingress waits in these tests. */
export const waiting: ReplyAddress = { instance: 'i-test', partition: 1, deadlineMs: 4_000_000_000_000 };

type Command = NonNullable<MessageInitShape<typeof PaymentCommandSchema>['command']>;
type Notification = NonNullable<MessageInitShape<typeof PaymentNotificationSchema>['notification']>;

export const command = (
  key: string,
  type: string,
  said: Command,
  { id = randomUUID(), timeMs = Date.now() }: { id?: string; timeMs?: number } = {},
): OutgoingRecord => ({
  topic: topics.paymentCommands.name,
  key,
  value: Buffer.from(toBinary(PaymentCommandSchema, create(PaymentCommandSchema, { command: said }))),
  headers: toHeaders({ id, source: 'ingress', type: `payment.${type}`, timeMs }, waiting),
});

/** The same for every order of a run, so that one said again is the same. */
const PAY_UNTIL_MS = Date.now() + 3_600_000;

export type Wanted = {
  outTradeNo: string;
  openid: string;
  couponCode?: string;
  priceFen?: number;
  payUntilMs?: number;
  id?: string;
};

/** The goods' price is that of two lattes. The command's id follows from the number, as ingress makes it. */
export function createOrder({
  outTradeNo,
  openid,
  couponCode = '',
  priceFen = 4400,
  payUntilMs,
  id,
}: Wanted): OutgoingRecord {
  const line = { sku: 'latte', name: '拿铁', category: 'coffee', unitPriceFen: BigInt(priceFen), quantity: 2 };
  const value = {
    outTradeNo,
    appid,
    openid,
    couponCode,
    description: '示例门店-拿铁',
    basket: { lines: [line], shop: 'S1' },
    payUntil: timestampFromMs(payUntilMs ?? PAY_UNTIL_MS),
  };
  return command(outTradeNo, 'create_order', { case: 'createOrder', value }, { id: id ?? uuidOf('test', outTradeNo) });
}

export const cancelOrder = (outTradeNo: string): OutgoingRecord =>
  command(outTradeNo, 'cancel_order', { case: 'cancelOrder', value: { outTradeNo } });

export const requestRefund = (outTradeNo: string, outRefundNo: string, refundFen = 0): OutgoingRecord =>
  command(
    outTradeNo,
    'request_refund',
    { case: 'requestRefund', value: { outTradeNo, outRefundNo, refundFen: BigInt(refundFen), reason: '不要了' } },
    { id: uuidOf('test', outTradeNo, outRefundNo) },
  );

export const resolveIncident = (outTradeNo: string, incidentId: string): OutgoingRecord =>
  command(outTradeNo, 'resolve_incident', { case: 'resolveIncident', value: { incidentId, note: '已处理' } });

export const notification = (key: string, said: Notification, id: string = randomUUID()): OutgoingRecord => ({
  topic: topics.paymentNotifications.name,
  key,
  value: Buffer.from(toBinary(PaymentNotificationSchema, create(PaymentNotificationSchema, { notification: said }))),
  headers: toHeaders({ id, source: 'ingress', type: `payment.${said.case}`, timeMs: Date.now() }),
});

/** What the issuer answers to a lock. */
export const couponLocked = (outTradeNo: string, code: string, totalFen: number): OutgoingRecord => {
  const discount = { totalFen: BigInt(totalFen), lineFen: [BigInt(totalFen)] };
  const answer = { case: 'locked' as const, value: { discount, until: timestampFromMs(2_000_000_000_000) } };
  return notification(outTradeNo, { case: 'coupon', value: { outTradeNo, code, answer } });
};

export const couponDone = (
  outTradeNo: string,
  code: string,
  what: 'redeemed' | 'released' | 'returned',
): OutgoingRecord =>
  notification(outTradeNo, { case: 'coupon', value: { outTradeNo, code, answer: { case: what, value: {} } } });

/** It came back, but its time was over. */
export const couponReturnedExpired = (outTradeNo: string, code: string): OutgoingRecord => {
  const answer = { case: 'returned' as const, value: { expired: true } };
  return notification(outTradeNo, { case: 'coupon', value: { outTradeNo, code, answer } });
};

export const couponNotDone = (
  outTradeNo: string,
  code: string,
  action: CouponAction,
  reason: UnusableReason,
): OutgoingRecord =>
  notification(outTradeNo, {
    case: 'coupon',
    value: { outTradeNo, code, answer: { case: 'notDone', value: { action, why: { reason } } } },
  });
