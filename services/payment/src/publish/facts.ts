import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { decode, toHeaders, topics, uuidOf } from '@lingquan/events';
import { BasketSchema } from '@lingquan/events/coupon.ts';
import { CloseCause, PaymentEventSchema } from '@lingquan/events/payment.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { Fact } from '../domain/change.ts';
import type { CloseCause as Why, Order } from '../domain/order.ts';
import { SOURCE } from './source.ts';
import type { Cause } from './source.ts';

const closeCauses: Record<Why, CloseCause> = {
  time_out: CloseCause.TIME_OUT,
  cancelled: CloseCause.CANCELLED,
  coupon: CloseCause.COUPON,
  platform: CloseCause.PLATFORM,
};

/** What is known of the order a fact is about; all but its number may be unknown. */
export type About = Pick<Order, 'outTradeNo'> & Partial<Pick<Order, 'appid' | 'openid' | 'couponCode' | 'traceparent'>>;

type Event = NonNullable<MessageInitShape<typeof PaymentEventSchema>['event']>;

/** A fact for `payment.events`. `same` are the parts that tell it from every other: said twice it has one id. */
function record(about: About, cause: Cause, type: string, event: Event, same: string[]): OutgoingRecord {
  const { outTradeNo, appid = '', openid = '', couponCode = '' } = about;
  const message = create(PaymentEventSchema, { causeId: cause.id, appid, openid, outTradeNo, couponCode, event });
  return {
    topic: topics.paymentEvents.name,
    key: outTradeNo,
    value: Buffer.from(toBinary(PaymentEventSchema, message)),
    headers: toHeaders({
      id: uuidOf('payment-fact', type, outTradeNo, ...same),
      source: SOURCE,
      type: `payment.${type}`,
      timeMs: cause.timeMs,
      traceparent: about.traceparent ?? cause.traceparent,
    }),
  };
}

/** A fact about an order, as the order is after it. */
export function factRecord(order: Order, fact: Fact, cause: Cause): OutgoingRecord {
  switch (fact.kind) {
    case 'order_created': {
      const value = {
        basket: decode(BasketSchema, order.basket),
        totalFen: BigInt(order.totalFen),
        payUntil: timestampFromMs(order.payUntilMs),
      };
      return record(order, cause, fact.kind, { case: 'orderCreated', value }, []);
    }
    case 'order_priced': {
      const lineFen = (order.lineFen ?? []).map(BigInt);
      const value = {
        totalFen: BigInt(order.totalFen),
        payableFen: BigInt(order.payableFen ?? 0),
        discount: { totalFen: BigInt(order.discountFen), lineFen },
      };
      return record(order, cause, fact.kind, { case: 'orderPriced', value }, []);
    }
    case 'order_paid': {
      const value = {
        transactionId: order.transactionId ?? '',
        paidFen: BigInt(order.paidFen),
        successTime: timestampFromMs(order.paidAtMs ?? cause.timeMs),
      };
      return record(order, cause, fact.kind, { case: 'orderPaid', value }, []);
    }
    case 'order_closed':
      return record(order, cause, fact.kind, { case: 'orderClosed', value: { cause: closeCauses[fact.cause] } }, []);
    case 'refund_requested': {
      const { outRefundNo, refundFen, reason } = fact.refund;
      const value = { outRefundNo, refundFen: BigInt(refundFen), reason };
      return record(order, cause, fact.kind, { case: 'refundRequested', value }, [outRefundNo]);
    }
    case 'refund_succeeded': {
      const { outRefundNo, refundId = '', refundFen } = fact.refund;
      const value = { outRefundNo, refundId, refundFen: BigInt(refundFen), whole: fact.whole };
      return record(order, cause, fact.kind, { case: 'refundSucceeded', value }, [outRefundNo]);
    }
    case 'refund_failed': {
      const { outRefundNo } = fact.refund;
      const value = { outRefundNo, why: fact.why };
      return record(order, cause, fact.kind, { case: 'refundFailed', value }, [outRefundNo, fact.why]);
    }
    default:
      return fact satisfies never;
  }
}

/** Something needs a person. */
export const incidentFound = (about: About, incidentId: string, kind: string, cause: Cause): OutgoingRecord =>
  record(about, cause, 'incident_found', { case: 'incidentFound', value: { incidentId, kind } }, [incidentId]);

/** A person has dealt with it. */
export const incidentResolved = (about: About, incidentId: string, note: string, cause: Cause): OutgoingRecord =>
  record(about, cause, 'incident_resolved', { case: 'incidentResolved', value: { incidentId, note } }, [incidentId]);
