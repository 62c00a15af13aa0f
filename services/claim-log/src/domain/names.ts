import type { DescEnum } from '@bufbuild/protobuf';
import type { CouponEvent } from '@lingquan/events/coupon.ts';
import type { PaymentEvent } from '@lingquan/events/payment.ts';
import { UnusableReasonSchema } from '@lingquan/events/gen/lingquan/coupon/v1/basket_pb.ts';
import { RefusalReasonSchema, ReleaseCauseSchema } from '@lingquan/events/gen/lingquan/coupon/v1/events_pb.ts';
import { CloseCauseSchema } from '@lingquan/events/gen/lingquan/payment/v1/events_pb.ts';

/** What a fact names beside its follower; empty is nothing. */
export type Names = { code: string; outTradeNo: string; reason: string };

const NOTHING: Names = { code: '', outTradeNo: '', reason: '' };

/** `sold_out` for REFUSAL_REASON_SOLD_OUT; a value of a newer schema goes by its number. */
export function wordsOf(schema: DescEnum): (value: number) => string {
  const words = new Map(schema.values.map(({ number, localName }) => [number, localName.toLowerCase()]));
  return (value) => words.get(value) ?? `reason_${value}`;
}

const refusal = wordsOf(RefusalReasonSchema);
const unusable = wordsOf(UnusableReasonSchema);
const release = wordsOf(ReleaseCauseSchema);
const close = wordsOf(CloseCauseSchema);

/** The coupon and the order a fact about coupons names, and why. A refused claim shows the first code, but is not about it. */
export function namesInCouponFact(fact: CouponEvent['event']): Names {
  switch (fact.case) {
    case 'couponClaimed':
    case 'couponExpired':
    case 'couponRevoked':
      return { code: fact.value.code, outTradeNo: '', reason: '' };
    case 'couponClaimRefused':
      return { code: '', outTradeNo: '', reason: refusal(fact.value.reason) };
    case 'couponLocked':
    case 'couponReturned':
      return { code: fact.value.code, outTradeNo: fact.value.outTradeNo, reason: '' };
    case 'couponReleased':
      return { code: fact.value.code, outTradeNo: fact.value.outTradeNo, reason: release(fact.value.cause) };
    case 'couponRedeemed':
      return { code: fact.value.code, outTradeNo: orderOf(fact.value), reason: '' };
    case 'couponUseRefused':
      return { code: fact.value.code, outTradeNo: orderOf(fact.value), reason: unusable(fact.value.why?.reason ?? 0) };
    default:
      return NOTHING;
  }
}

/** Every fact about payment names its order, and the order's coupon if it has one. */
export const namesInPaymentFact = ({ outTradeNo, couponCode, event }: PaymentEvent): Names => ({
  code: couponCode,
  outTradeNo,
  reason: reasonOf(event),
});

function reasonOf(fact: PaymentEvent['event']): string {
  if (fact.case === 'orderClosed') return close(fact.value.cause);
  if (fact.case === 'incidentFound') return fact.value.kind;
  return fact.case === 'refundFailed' ? fact.value.why : '';
}

type Use = { by: { case: 'order'; value: { outTradeNo: string } } | { case: 'till' | undefined } };

const orderOf = ({ by }: Use): string => (by.case === 'order' ? by.value.outTradeNo : '');
