import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { CouponEventSchema, RefusalReason, ReleaseCause, UnusableReason } from '@lingquan/events/coupon.ts';
import { CloseCause, PaymentEventSchema } from '@lingquan/events/payment.ts';
import { RefusalReasonSchema } from '@lingquan/events/gen/lingquan/coupon/v1/events_pb.ts';
import { namesInCouponFact, namesInPaymentFact, wordsOf } from './names.ts';

type CouponFact = NonNullable<MessageInitShape<typeof CouponEventSchema>['event']>;
type PaymentFact = NonNullable<MessageInitShape<typeof PaymentEventSchema>['event']>;

const order = { case: 'order', value: { outTradeNo: 'N1' } } as const;
const till = { case: 'till', value: { shop: 's1', cashier: 'c1' } } as const;
const code = 'ABC';
const outTradeNo = 'N1';

test.each<[CouponFact, [code: string, outTradeNo: string, reason: string]]>([
  [{ case: 'campaignCreated', value: {} }, ['', '', '']],
  [{ case: 'couponClaimed', value: { code } }, ['ABC', '', '']],
  [{ case: 'couponClaimRefused', value: { reason: RefusalReason.SOLD_OUT, firstCode: code } }, ['', '', 'sold_out']],
  [{ case: 'couponLocked', value: { code, outTradeNo } }, ['ABC', 'N1', '']],
  [{ case: 'couponReleased', value: { code, outTradeNo, cause: ReleaseCause.TIME_OUT } }, ['ABC', 'N1', 'time_out']],
  [{ case: 'couponRedeemed', value: { code, by: order } }, ['ABC', 'N1', '']],
  [{ case: 'couponRedeemed', value: { code, by: till } }, ['ABC', '', '']],
  [{ case: 'couponReturned', value: { code, outTradeNo } }, ['ABC', 'N1', '']],
  [{ case: 'couponExpired', value: { code } }, ['ABC', '', '']],
  [{ case: 'couponRevoked', value: { code, reason: 'for people' } }, ['ABC', '', '']],
  [
    { case: 'couponUseRefused', value: { code, by: order, why: { reason: UnusableReason.BELOW_THRESHOLD } } },
    ['ABC', 'N1', 'below_threshold'],
  ],
])('coupon fact %j', (event, names) => {
  const found = namesInCouponFact(create(CouponEventSchema, { event }).event);
  expect([found.code, found.outTradeNo, found.reason]).toEqual(names);
});

test.each<[PaymentFact, string]>([
  [{ case: 'orderPaid', value: {} }, ''],
  [{ case: 'orderClosed', value: { cause: CloseCause.CANCELLED } }, 'cancelled'],
  [{ case: 'refundFailed', value: { why: 'ABNORMAL' } }, 'ABNORMAL'],
  [{ case: 'incidentFound', value: { kind: 'amount_differs' } }, 'amount_differs'],
])('payment fact %j', (event, reason) => {
  const message = create(PaymentEventSchema, { outTradeNo, couponCode: code, event });
  expect(namesInPaymentFact(message)).toEqual({ code, outTradeNo, reason });
});

test('a reason of a newer schema goes by its number', () => {
  const word = wordsOf(RefusalReasonSchema);
  expect([word(RefusalReason.SOLD_OUT), word(77)]).toEqual(['sold_out', 'reason_77']);
});
