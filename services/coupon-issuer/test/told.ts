import { decode, envelopeOf, topics } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import type { CouponAnswer, CouponEvent, RedemptionOutcome } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { PaymentNotificationSchema } from '@lingquan/events/payment.ts';
import type { Kafka } from '@lingquan/kafka';
import { readTopic } from '@lingquan/test-kit';

/** What the issuer said so far, to everybody, to payment and to tills, in the order of the topics. */

export type Fact = CouponEvent['event'] & { type: string; id: string; causeId: string; timeMs: number };

/** Facts about coupons, without the claims. */
export async function factsOf(kafka: Kafka): Promise<Fact[]> {
  const records = await readTopic(kafka, topics.couponEvents.name);
  return records.flatMap(({ headers, value }) => {
    const { type, id, timeMs } = envelopeOf(headers);
    const { event, causeId } = decode(CouponEventSchema, value);
    return type.startsWith('campaign.') || type.startsWith('coupon.claim')
      ? []
      : [{ ...event, type, id, causeId, timeMs }];
  });
}

export async function answersOf(kafka: Kafka): Promise<CouponAnswer[]> {
  const records = await readTopic(kafka, topics.paymentNotifications.name);
  return records.map(({ value }) => decode(PaymentNotificationSchema, value).notification.value as CouponAnswer);
}

export async function redemptionsOf(kafka: Kafka): Promise<(RedemptionOutcome & { causeId: string })[]> {
  const records = await readTopic(kafka, topics.ingressReplies.name);
  return records.flatMap(({ value }) => {
    const { causeId, outcome } = decode(ReplySchema, value);
    return outcome.case === 'redemption' ? [{ ...outcome.value, causeId }] : [];
  });
}
