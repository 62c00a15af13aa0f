import { startCheck } from './check.ts';
import type { CheckResult } from './check.ts';
import type { CouponUse, Lives } from './lives.ts';
import type { IncidentRow, LedgerSum, OrderRow, UnbalancedBooking } from './payment-store.ts';
import type { Payments } from './payments.ts';
import { placeText } from './place.ts';

/** Everything payment keeps, read at one moment; empty in a system without payment. */
export type PaymentBooks = {
  orders: ReadonlyMap<string, OrderRow>;
  incidents: readonly IncidentRow[];
  unbalanced: readonly UnbalancedBooking[];
  ledger: { transactions: number; sumFen: number };
  held: readonly LedgerSum[];
};

export const noBooks: PaymentBooks = {
  orders: new Map(),
  incidents: [],
  unbalanced: [],
  ledger: { transactions: 0, sumFen: 0 },
  held: [],
};

/** Payment's store beside payment.events: the same orders paid, for the same money, and the same given back. */
export function checkOrders({ orders }: PaymentBooks, told: Payments['orders']): CheckResult {
  const check = startCheck('orders', '订单与事件一致 the orders paid and given back are those told');
  for (const [outTradeNo, order] of orders) {
    check.looked();
    const { paidFen, transactionId = '', refundedFen = 0, whole = false } = told.get(outTradeNo) ?? {};
    const paidHere = order.state === 'paid';
    if (paidHere !== (paidFen !== undefined))
      check.found(
        `${outTradeNo}: 存储 the store says ${order.state}，事件 the events ${paidFen === undefined ? 'not paid' : 'paid'}`,
      );
    else if (paidHere && (paidFen !== order.paidFen || transactionId !== order.transactionId))
      check.found(
        `${outTradeNo}: 已付 paid ${order.paidFen} (${order.transactionId})，事件 told ${paidFen} (${transactionId})`,
      );
    if (refundedFen !== order.refundedFen)
      check.found(`${outTradeNo}: 已退 refunded ${order.refundedFen}，事件 told ${refundedFen}`);
    if (order.refundedFen > order.paidFen)
      check.found(`${outTradeNo}: 退多于付 refunded ${order.refundedFen} of ${order.paidFen}`);
    if (whole && order.refundedFen !== order.paidFen)
      check.found(`${outTradeNo}: 说已全退 told to be wholly refunded, ${order.refundedFen} of ${order.paidFen}`);
  }
  for (const [outTradeNo, { place }] of told)
    if (!orders.has(outTradeNo))
      check.found(`${outTradeNo}: 有事件无订单 events without an order, ${placeText('payment.events', place)}`);
  return check.result();
}

/** The double-entry ledger: everything in balance, and for each order as much at WeChat Pay as was paid and not given back. */
export function checkMoney({ orders, unbalanced, ledger, held }: PaymentBooks): CheckResult {
  const check = startCheck('money', '总账平衡 the ledger is in balance, and agrees with the orders');
  check.looked(ledger.transactions);
  if (ledger.sumFen !== 0) check.found(`合计 all entries come to ${ledger.sumFen} fen`);
  for (const { id, fen } of unbalanced) check.found(`${id}: 不平 a transaction that comes to ${fen} fen`);
  const booked = new Map(held.map(({ outTradeNo, heldFen }) => [outTradeNo, heldFen]));
  for (const { outTradeNo, paidFen, refundedFen } of orders.values()) {
    const heldFen = booked.get(outTradeNo) ?? 0;
    if (heldFen !== paidFen - refundedFen)
      check.found(`${outTradeNo}: 总账 the ledger holds ${heldFen}，订单 the order ${paidFen} − ${refundedFen}`);
    booked.delete(outTradeNo);
  }
  for (const [outTradeNo, heldFen] of booked)
    if (heldFen !== 0) check.found(`${outTradeNo}: 总账有，订单没有 booked ${heldFen}, but there is no such order`);
  return check.result();
}

/** Coupons and orders say the same of one another: used by the order that was paid, held by one that still may be, back when all is back. */
export function checkUses({ orders, incidents }: PaymentBooks, lives: Lives): CheckResult[] {
  const uses = startCheck('uses', '核销有单 every redemption has its paid order, every paid order its redemption');
  const returns = startCheck('returns', '全退才退券 coupons come back when all the money is back, and only then');
  const has = (kind: string, outTradeNo: string) =>
    incidents.some((one) => one.kind === kind && one.outTradeNo === outTradeNo);

  const used = new Map<string, CouponUse>();
  for (const use of lives.redemptions) {
    uses.looked();
    const order = orders.get(use.outTradeNo);
    if (order?.state !== 'paid' || order.couponCode !== use.code)
      uses.found(`${use.code}: 订单 order ${use.outTradeNo} ${wrong(order, use)}, ${text(use)}`);
    if (used.has(use.outTradeNo)) uses.found(`${use.outTradeNo}: 核销两次 redeemed twice, ${text(use)}`);
    used.set(use.outTradeNo, use);
  }
  for (const hold of lives.held()) {
    uses.looked();
    const state = orders.get(hold.outTradeNo)?.state ?? 'unknown';
    if (state === 'paid' || state === 'closed' || state === 'unknown')
      uses.found(`${hold.code}: 仍锁给 still held for ${hold.outTradeNo}，它是 which is ${state}, ${text(hold)}`);
  }
  const returned = new Set(lives.returns.map(({ outTradeNo }) => outTradeNo));
  for (const back of lives.returns) {
    returns.looked();
    const order = orders.get(back.outTradeNo);
    if (order?.state !== 'paid' || order.refundedFen !== order.paidFen || !used.has(back.outTradeNo))
      returns.found(
        `${back.code}: 退回时订单 ${back.outTradeNo} 只退了 came back with ${order?.refundedFen ?? 0} of ${order?.paidFen ?? 0}, ${text(back)}`,
      );
  }
  for (const { outTradeNo, state, couponCode, couponState, paidFen, refundedFen, discountFen } of orders.values()) {
    if (state !== 'paid' || couponCode === '') continue;
    uses.looked();
    if (!used.has(outTradeNo) && !has('coupon_gone', outTradeNo))
      uses.found(`${outTradeNo}: 已付，券 paid, but its coupon ${couponCode} 未核销 was not redeemed (${couponState})`);
    const wholly = refundedFen === paidFen && (paidFen > 0 || (discountFen > 0 && couponState.startsWith('return')));
    if (wholly && used.has(outTradeNo) && !returned.has(outTradeNo) && !has('coupon_not_returned', outTradeNo))
      returns.found(
        `${outTradeNo}: 已全退，券 wholly refunded, but its coupon ${couponCode} 未退回 did not come back (${couponState})`,
      );
  }
  return [uses.result(), returns.result()];
}

const text = ({ place }: CouponUse): string => placeText('coupon.events', place);

const wrong = (order: OrderRow | undefined, { code }: CouponUse): string => {
  if (order === undefined) return '不存在 does not exist';
  return order.state === 'paid' ? `用的是 used ${order.couponCode || 'none'}, not ${code}` : `是 is ${order.state}`;
};
