import { startCheck } from '../audit/check.ts';
import type { CheckResult } from '../audit/check.ts';
import { placeText } from '../audit/place.ts';
import type { Place } from '../audit/place.ts';
import { bytes, bytesOf, doubles, words } from './columns.ts';
import type { CouponIndex } from './coupons.ts';
import { keyTable } from './key-table.ts';
import type { PaymentFact } from './read-payment.ts';

const PAID = 1;
const WHOLE = 2;
const REDEEMED = 4;
const RETURNED = 8;
/** A person was told: the coupon was gone, or did not come back. */
const GONE = 16;
const NOT_RETURNED = 32;

export type Orders = ReturnType<typeof startOrders>;

/** What a fact about an order's coupon says, for the order. */
export type OrderUse = { outTradeNo: string; coupon: CouponIndex; code: string; place: Place; timeMs: number };

/** Facts of two topics about one thing may be this far apart while both are still being written. */
export const GRACE_MS = 60_000;

const used = (place: Place) => placeText('coupon.events', place);
const paid = (place: Place) => placeText('payment.events', place);

/** What payment.events say of orders beside what coupon.events say of their coupons. About 75 bytes an order. */
export function startOrders() {
  const numbers = keyTable();
  const state = bytes();
  const paidFen = doubles();
  const refundedFen = doubles();
  const coupons = words();
  const usedPlace = doubles();
  const usedMs = doubles();
  const paidPlace = doubles();
  const paidMs = doubles();
  const names: string[] = []; // the first orders' numbers, for people
  const payments = startCheck('payments', '支付 orders are paid once, refunds never exceed what was paid');
  const uses = startCheck('uses', '核销有单 every redemption by an order has its paid order, and the reverse');
  const returns = startCheck('returns', '全退才退券 coupons come back when all the money is back, and only then');

  function orderOf(outTradeNo: string): number {
    const order = numbers.put(outTradeNo);
    if (order === names.length && order < NAMES_MAX) names.push(outTradeNo);
    return order;
  }
  const has = (order: number, flag: number): boolean => (state.get(order) & flag) !== 0;
  const mark = (order: number, flag: number): void => state.set(order, state.get(order) | flag);
  const name = (order: number): string => names[order] ?? '(order)';

  function pay(order: number, fact: PaymentFact, fen: number): void {
    if (has(order, PAID))
      payments.found(
        `${fact.outTradeNo}: 支付两次 paid twice, ${paid(paidPlace.get(order))} 和 and ${paid(fact.place)}`,
      );
    mark(order, PAID);
    paidFen.set(order, fen);
    paidPlace.set(order, fact.place);
    paidMs.set(order, fact.timeMs);
  }

  function refund(order: number, fact: PaymentFact, fen: number, whole: boolean): void {
    const sum = refundedFen.get(order) + fen;
    refundedFen.set(order, sum);
    if (!has(order, PAID))
      payments.found(`${fact.outTradeNo}: 未支付就退款 refunded before it was paid, ${paid(fact.place)}`);
    else if (sum > paidFen.get(order))
      payments.found(`${fact.outTradeNo}: 退多于付 refunded ${sum} of ${paidFen.get(order)} fen, ${paid(fact.place)}`);
    if (whole && sum !== paidFen.get(order))
      payments.found(
        `${fact.outTradeNo}: 说已全退 told to be wholly refunded at ${sum} of ${paidFen.get(order)} fen, ${paid(fact.place)}`,
      );
    if (!whole) return;
    mark(order, WHOLE);
    paidMs.set(order, fact.timeMs);
    paidPlace.set(order, fact.place);
  }

  return {
    /** An order's number, to keep instead of it. */
    orderOf,
    redeemed({ outTradeNo, coupon, code, place, timeMs }: OrderUse): void {
      uses.looked();
      const order = orderOf(outTradeNo);
      const same = coupons.get(order) === coupon + 1;
      if (has(order, REDEEMED))
        uses.found(
          `${code}: 订单 order ${outTradeNo} 核销两次 redeemed twice, ${used(usedPlace.get(order))} 和 and ${used(place)}`,
        );
      else if (coupons.get(order) !== 0 && !same)
        uses.found(`${code}: 订单 order ${outTradeNo} 用的是别的券 is for another coupon, ${used(place)}`);
      mark(order, REDEEMED);
      coupons.set(order, coupon + 1);
      usedPlace.set(order, place);
      usedMs.set(order, timeMs);
    },
    returned({ outTradeNo, place, timeMs }: OrderUse): void {
      returns.looked();
      const order = orderOf(outTradeNo);
      mark(order, RETURNED);
      usedPlace.set(order, place);
      usedMs.set(order, timeMs);
    },
    /** A fact of payment.events, each once; `coupon` is what the order was paid with, undefined when with none. */
    paid(fact: PaymentFact, coupon: CouponIndex | undefined): void {
      payments.looked();
      if (fact.outTradeNo === '') return;
      const order = orderOf(fact.outTradeNo);
      if (coupon !== undefined && coupons.get(order) === 0) coupons.set(order, coupon + 1);
      else if (coupon !== undefined && coupons.get(order) !== coupon + 1)
        uses.found(
          `${fact.outTradeNo}: 用了别的券 redeemed another coupon than ${fact.couponCode}, ${used(usedPlace.get(order))} ${paid(fact.place)}`,
        );
      const { change } = fact;
      if (change.case === 'orderPaid') pay(order, fact, Number(change.value.paidFen));
      if (change.case === 'refundSucceeded') refund(order, fact, Number(change.value.refundFen), change.value.whole);
      if (change.case === 'incidentFound' && change.value.kind === 'coupon_gone') mark(order, GONE);
      if (change.case === 'incidentFound' && change.value.kind === 'coupon_not_returned') mark(order, NOT_RETURNED);
    },
    /** What is wrong with payment.events themselves. */
    check: payments,
    unreadable: (where: string, why: string) => payments.found(`${where}: ${why}`),
    /** Compares the two topics. What happened in the last minute before `nowMs` may still have its other half to come. */
    results(nowMs: number, paymentIsThere: boolean): CheckResult[] {
      if (!paymentIsThere) return [uses.result(), returns.result()];
      const cutMs = nowMs - GRACE_MS;
      for (let order = 0; order < numbers.size(); order++) {
        const where = () => used(usedPlace.get(order));
        if (has(order, REDEEMED) && !has(order, PAID))
          uses.found(`${name(order)}: 核销了，没有支付 redeemed, but never paid, ${where()}`);
        if (has(order, PAID) && coupons.get(order) !== 0) {
          uses.looked();
          if (!has(order, REDEEMED) && !has(order, GONE) && paidMs.get(order) < cutMs)
            uses.found(
              `${name(order)}: 已付，券未核销 paid, but its coupon was not redeemed, ${paid(paidPlace.get(order))}`,
            );
        }
        if (has(order, RETURNED) && !has(order, WHOLE) && usedMs.get(order) < cutMs)
          returns.found(
            `${name(order)}: 未全退就退券 its coupon came back with ${refundedFen.get(order)} of ${paidFen.get(order)} fen, ${where()}`,
          );
        if (
          has(order, WHOLE) &&
          has(order, REDEEMED) &&
          !has(order, RETURNED) &&
          !has(order, NOT_RETURNED) &&
          paidMs.get(order) < cutMs
        )
          returns.found(
            `${name(order)}: 已全退，券未退回 wholly refunded, but its coupon did not come back, ${paid(paidPlace.get(order))}`,
          );
      }
      return [payments.result(), uses.result(), returns.result()];
    },
    bytes: () => bytesOf([numbers, state, paidFen, refundedFen, coupons, usedPlace, usedMs, paidPlace, paidMs]),
  };
}

/** More than these are told by their places alone. */
const NAMES_MAX = 100_000;
