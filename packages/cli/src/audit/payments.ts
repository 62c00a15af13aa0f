import { hash } from 'node:crypto';
import { decode, envelopeOf } from '@lingquan/events';
import { PaymentEventSchema } from '@lingquan/events/payment.ts';
import type { PaymentEvent } from '@lingquan/events/payment.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import { startCheck } from './check.ts';
import { digestOf } from './event.ts';
import type { LoggedFact } from './ledger.ts';
import { placeOf, placeText } from './place.ts';
import type { Place } from './place.ts';

/** What payment.events say of one order, in fen. */
export type ToldOrder = {
  paidFen: number | undefined;
  transactionId: string;
  refundedFen: number;
  /** A refund was told that left nothing. */
  whole: boolean;
  place: Place;
};

export type PaymentFact = {
  id: string;
  digest: string;
  outTradeNo: string;
  fact: PaymentEvent['event'];
  partition: number;
  offset: number;
};

/** Reads a record. Throws `invalid` when it is no payment event. */
export function paymentFactOf({ headers, value, partition, offset }: IncomingRecord): PaymentFact {
  const { id, type, timeMs } = envelopeOf(headers);
  const { causeId, appid, openid, outTradeNo, couponCode: code, event: fact } = decode(PaymentEventSchema, value);
  const named = { causeId, appid, openid, campaignId: '', code, outTradeNo };
  const digest = digestOf({ type, timeMs, ...named, valueMd5: hash('md5', value!) });
  return { id, digest, outTradeNo, fact, partition, offset };
}

export type Payments = ReturnType<typeof startPayments>;

/** Keeps account of payment.events, in their order, and finds what must not be among them. */
export function startPayments() {
  const facts = new Map<string, LoggedFact>();
  const orders = new Map<string, ToldOrder>();
  const check = startCheck('payments', '支付事件 payment events: one fact per id, paid once');
  const text = (place: Place) => placeText('payment.events', place);
  let again = 0;

  function orderOf(outTradeNo: string, place: Place): ToldOrder {
    const known = orders.get(outTradeNo);
    if (known !== undefined) return known;
    const fresh: ToldOrder = { paidFen: undefined, transactionId: '', refundedFen: 0, whole: false, place };
    orders.set(outTradeNo, fresh);
    return fresh;
  }

  return {
    facts,
    /** Orders something was told about. */
    orders,
    publishedAgain: () => again,
    take({ id, digest, outTradeNo, fact, partition, offset }: PaymentFact): void {
      check.looked();
      const place = placeOf({ partition, offset });
      const known = facts.get(id);
      if (known !== undefined) {
        again += 1;
        known.again = true;
        if (known.digest !== digest) check.found(`${id}: ${text(known.place)} ≠ ${text(place)}`);
        return;
      }
      facts.set(id, { digest, place, again: false, logged: false });
      if (fact.case === 'orderPaid') {
        const order = orderOf(outTradeNo, place);
        if (order.paidFen !== undefined)
          check.found(`${outTradeNo}: 支付两次 paid twice, ${text(order.place)} 和 and ${text(place)}`);
        Object.assign(order, {
          paidFen: Number(fact.value.paidFen),
          transactionId: fact.value.transactionId,
          place,
        });
      }
      if (fact.case === 'refundSucceeded') {
        const order = orderOf(outTradeNo, place);
        if (order.paidFen === undefined)
          check.found(`${outTradeNo}: 未支付就退款 refunded before it was paid, ${text(place)}`);
        if (order.whole) check.found(`${outTradeNo}: 全退后又退 refunded once more after all was back, ${text(place)}`);
        order.refundedFen += Number(fact.value.refundFen);
        order.whole = fact.value.whole;
      }
    },
    /** A record that is no payment event. */
    unreadable: (place: Place, why: string) => check.found(`${text(place)}: ${why}`),
    result: () => check.result(),
  };
}
