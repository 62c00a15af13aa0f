/**
 * The accounts. `wechat_pay`: what WeChat Pay holds for us. `sales`: what was sold, at its price. `coupon_discount`: what coupons took
 * off that. `sales_returns`: what was given back. `refunds_payable`: what payers are owed until WeChat Pay has given it back.
 */
export const accounts = ['wechat_pay', 'sales', 'coupon_discount', 'sales_returns', 'refunds_payable'] as const;
export type Account = (typeof accounts)[number];

/** What was booked: it names the transaction together with the order or refund it is about, so that it is booked once. */
export type BookingKind = 'paid' | 'refund_requested' | 'refund_succeeded' | 'refund_closed' | 'discount_returned';

/** One transaction: fen by account, debits positive, summing to zero. No entry is zero. */
export type Booking = Readonly<{
  kind: BookingKind;
  outTradeNo: string;
  outRefundNo: string | undefined;
  entries: readonly Readonly<{ account: Account; fen: number }>[];
}>;

type About = { outTradeNo: string; outRefundNo?: string };

/** Nothing to book is no booking. */
function book(kind: BookingKind, { outTradeNo, outRefundNo }: About, fen: Partial<Record<Account, number>>): Booking[] {
  const entries = accounts.flatMap((account) => (fen[account] ? [{ account, fen: fen[account] }] : []));
  return entries.length === 0 ? [] : [{ kind, outTradeNo, outRefundNo, entries }];
}

/** Money came in; the coupon's part is a discount on the sale. */
export const bookPaid = (order: { outTradeNo: string; paidFen: number; discountFen: number }): Booking[] =>
  book('paid', order, {
    wechat_pay: order.paidFen,
    coupon_discount: order.discountFen,
    sales: -(order.paidFen + order.discountFen),
  });

type Owed = { outTradeNo: string; outRefundNo: string; refundFen: number };

/** The payer is owed money. */
export const bookRefundRequested = (refund: Owed): Booking[] =>
  book('refund_requested', refund, { sales_returns: refund.refundFen, refunds_payable: -refund.refundFen });

/** He has it. */
export const bookRefundSucceeded = (refund: Owed): Booking[] =>
  book('refund_succeeded', refund, { refunds_payable: refund.refundFen, wechat_pay: -refund.refundFen });

/** He will not get it by this refund. */
export const bookRefundClosed = (refund: Owed): Booking[] =>
  book('refund_closed', refund, { refunds_payable: refund.refundFen, sales_returns: -refund.refundFen });

/** The whole sale was taken back, the discount with it. */
export const bookDiscountReturned = (order: { outTradeNo: string; discountFen: number }): Booking[] =>
  book(
    'discount_returned',
    { outTradeNo: order.outTradeNo },
    {
      sales_returns: order.discountFen,
      coupon_discount: -order.discountFen,
    },
  );

/** What the account balances come to after these bookings. */
export function balances(bookings: readonly Booking[]): Record<Account, number> {
  const sums = Object.fromEntries(accounts.map((account) => [account, 0])) as Record<Account, number>;
  for (const { entries } of bookings) for (const { account, fen } of entries) sums[account] += fen;
  return sums;
}
