import { create, toBinary } from '@bufbuild/protobuf';
import { decode, outcomeId, replyAddressOf, toHeaders, topics } from '@lingquan/events';
import { UnusableSchema } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { OrderRefusalReason, RefundRefusalReason } from '@lingquan/events/payment.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { OrderOutcome } from '../domain/order.ts';
import type { RefundOutcome, RefundRefusal } from '../domain/refund.ts';
import type { Command } from '../store/commands.ts';
import { SOURCE } from './source.ts';

const orderReasons = {
  coupon: OrderRefusalReason.COUPON,
  number_taken: OrderRefusalReason.NUMBER_TAKEN,
  platform: OrderRefusalReason.PLATFORM,
  closed: OrderRefusalReason.CLOSED,
} as const;

const refundReasons: Record<RefundRefusal, RefundRefusalReason> = {
  order_unknown: RefundRefusalReason.ORDER_UNKNOWN,
  not_paid: RefundRefusalReason.NOT_PAID,
  too_much: RefundRefusalReason.TOO_MUCH,
  too_many: RefundRefusalReason.TOO_MANY,
  too_late: RefundRefusalReason.TOO_LATE,
  number_taken: RefundRefusalReason.NUMBER_TAKEN,
};

/** The answer to CreateOrder, as bytes of a lingquan.ingress.v1.Reply. */
export function orderAnswer(causeId: string, outTradeNo: string, outcome: OrderOutcome): Uint8Array {
  const answer =
    outcome.kind === 'ready'
      ? ({
          case: 'ready',
          value: {
            totalFen: BigInt(outcome.totalFen),
            discountFen: BigInt(outcome.discountFen),
            payableFen: BigInt(outcome.payableFen),
          },
        } as const)
      : ({
          case: 'refused',
          value: {
            reason: orderReasons[outcome.reason],
            platformCode: outcome.platformCode ?? '',
            ...(outcome.unusable === undefined ? {} : { coupon: decode(UnusableSchema, outcome.unusable) }),
          },
        } as const);
  const value = { outTradeNo, outcome: answer };
  return toBinary(ReplySchema, create(ReplySchema, { causeId, outcome: { case: 'order', value } }));
}

/** The answer to RequestRefund, as bytes of a lingquan.ingress.v1.Reply. */
export function refundAnswer(
  causeId: string,
  about: { outTradeNo: string; outRefundNo: string },
  outcome: RefundOutcome,
): Uint8Array {
  const answer =
    outcome.kind === 'taken'
      ? ({ case: 'taken', value: { refundFen: BigInt(outcome.refundFen) } } as const)
      : ({
          case: 'refused',
          value: { reason: refundReasons[outcome.reason], leftFen: BigInt(outcome.leftFen) },
        } as const);
  const value = { ...about, outcome: answer };
  return toBinary(ReplySchema, create(ReplySchema, { causeId, outcome: { case: 'refund', value } }));
}

/** The answer on its way to whoever waits for it; none when nobody said where. */
export function replyRecords({ id, replyTo, answer }: Command, timeMs: number, traceparent?: string): OutgoingRecord[] {
  const address = replyAddressOf({ 'reply-to': replyTo });
  if (address === undefined || answer === undefined) return [];
  return [
    {
      topic: topics.ingressReplies.name,
      partition: address.partition,
      key: address.instance,
      value: Buffer.from(answer),
      headers: toHeaders(
        { id: outcomeId(id, 'ingress.reply'), source: SOURCE, type: 'ingress.reply', timeMs, traceparent },
        address,
      ),
    },
  ];
}
