import { randomBytes, randomInt } from 'node:crypto';
import { toCompact } from '@lingquan/wechat-pay';
import { type Order, stateAt } from '../rules/order.ts';
import { type Refund, refunded } from '../rules/refund.ts';
import { dayMs, dayOf, isoOrNull as instant, startOfDay } from '../rules/times.ts';

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('');
const dateOf = (now: number): string => dayOf(now).replaceAll('-', '');

/** Numbers of the platform's length and look. */
export const newTransactionId = (now: number): string => `420000${digits(4)}${dateOf(now)}${digits(10)}`;
export const newRefundId = (now: number): string => `5030${digits(4)}${dateOf(now)}${digits(13)}`;
export const newPrepayId = (now: number): string => `wx${toCompact(now)}${randomBytes(8).toString('hex')}0000`;

/** Every order and refund there ever was under the merchant, in memory. */
export interface Book {
  order(outTradeNo: string): Order | undefined;
  orderByTransaction(transactionId: string): Order | undefined;
  /** By a prepay_id or a code_url, whatever its age. */
  orderByPrepay(idOrCode: string): Order | undefined;
  refund(outRefundNo: string): Refund | undefined;
  refundById(refundId: string): Refund | undefined;
  /** In the order in which they were accepted. */
  refundsOf(outTradeNo: string): readonly Refund[];
  /** Replaces or adds, and tells those who listen. */
  saveOrder(order: Order): void;
  saveRefund(refund: Refund): void;
  /** Newest first. */
  orders(): Order[];
  refunds(): Refund[];
  /** What was paid and what was asked back on a day of UTC+8. */
  tradedOn(day: string): { orders: Order[]; refunds: { refund: Refund; order: Order }[] };
}

export interface BookListener {
  order(order: Order): void;
  refund(refund: Refund): void;
}

/** What the book begins with. */
export interface BookStart {
  readonly orders: readonly Order[];
  readonly refunds: readonly Refund[];
}

export function createBook(listener: BookListener, start: BookStart = { orders: [], refunds: [] }): Book {
  const orders = new Map<string, Order>();
  const refunds = new Map<string, Refund>();
  const numbersByTransaction = new Map<string, string>();
  const numbersByPrepay = new Map<string, string>();
  const numbersByRefundId = new Map<string, string>();
  const refundNumbers = new Map<string, string[]>();

  const orderOf = (outTradeNo: string | undefined) => (outTradeNo === undefined ? undefined : orders.get(outTradeNo));
  const refundsOf = (outTradeNo: string): Refund[] =>
    (refundNumbers.get(outTradeNo) ?? []).map((number) => refunds.get(number)).filter((refund) => refund !== undefined);

  function putOrder(order: Order): void {
    orders.set(order.outTradeNo, order);
    if (order.transactionId !== null) numbersByTransaction.set(order.transactionId, order.outTradeNo);
    for (const { prepayId, codeUrl } of order.prepays) {
      numbersByPrepay.set(prepayId, order.outTradeNo);
      if (codeUrl !== null) numbersByPrepay.set(codeUrl, order.outTradeNo);
    }
  }

  function putRefund(refund: Refund): void {
    const { outRefundNo, outTradeNo, refundId } = refund;
    if (!refunds.has(outRefundNo))
      refundNumbers.set(outTradeNo, [...(refundNumbers.get(outTradeNo) ?? []), outRefundNo]);
    refunds.set(outRefundNo, refund);
    numbersByRefundId.set(refundId, outRefundNo);
  }

  for (const order of start.orders) putOrder(order);
  for (const refund of start.refunds) putRefund(refund);

  return {
    order: (outTradeNo) => orders.get(outTradeNo),
    orderByTransaction: (transactionId) => orderOf(numbersByTransaction.get(transactionId)),
    orderByPrepay: (idOrCode) => orderOf(numbersByPrepay.get(idOrCode)),
    refund: (outRefundNo) => refunds.get(outRefundNo),
    refundById: (refundId) => refunds.get(numbersByRefundId.get(refundId) ?? ''),
    refundsOf,
    saveOrder(order) {
      putOrder(order);
      listener.order(order);
    },
    saveRefund(refund) {
      putRefund(refund);
      listener.refund(refund);
    },
    orders: () => [...orders.values()].toReversed(),
    refunds: () => [...refunds.values()].toReversed(),
    tradedOn(day) {
      const startMs = startOfDay(day) ?? Number.NaN;
      const within = (ms: number | null) => ms !== null && ms >= startMs && ms < startMs + dayMs;
      return {
        orders: [...orders.values()].filter((order) => within(order.paidAtMs)),
        refunds: [...refunds.values()]
          .filter((refund) => within(refund.createdAtMs) && refund.state !== 'CLOSED')
          .flatMap((refund) => {
            const order = orders.get(refund.outTradeNo);
            return order === undefined ? [] : [{ refund, order }];
          }),
      };
    },
  };
}

/** An order as the control interface shows it. */
export function shownOrder(order: Order, refunds: readonly Refund[], mchid: string, now: number): object {
  const { outTradeNo, transactionId, appid, openid, payer, description, attach, totalFen, couponFen } = order;
  const { api, tradeType, notifyUrl, attempts } = order;
  return {
    outTradeNo,
    transactionId,
    appid,
    mchid,
    openid: payer ?? openid,
    description,
    attach,
    totalFen,
    payerTotalFen: order.paidAtMs === null ? null : totalFen - couponFen,
    couponFen,
    refundedFen: refunded(refunds),
    state: stateAt(order, now),
    api,
    tradeType,
    notifyUrl,
    createdAt: instant(order.createdAtMs),
    expiresAt: instant(order.expiresAtMs),
    paidAt: instant(order.paidAtMs),
    attempts: attempts.map(({ atMs, reason }) => ({ at: instant(atMs), reason })),
  };
}

/** A refund as the control interface shows it. */
export function shownRefund(refund: Refund): object {
  const { outRefundNo, refundId, outTradeNo, transactionId, refundFen, totalFen, reason, state, api, notifyUrl } =
    refund;
  return {
    outRefundNo,
    refundId,
    outTradeNo,
    transactionId,
    refundFen,
    totalFen,
    reason,
    state,
    api,
    notifyUrl,
    createdAt: instant(refund.createdAtMs),
    settledAt: instant(refund.settledAtMs),
  };
}
