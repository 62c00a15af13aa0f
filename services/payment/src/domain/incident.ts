/**
 * Something that needs a person. Money and coupons stay as they are, except with the last three kinds, which say that something went
 * another way than planned.
 */
export type IncidentKind =
  /** Told about an order or refund of another merchant number, or another appid than the order's. */
  | 'foreign_merchant'
  | 'foreign_appid'
  | 'order_unknown'
  | 'amount_differs'
  /** A second payment for an order that has one. */
  | 'second_transaction'
  /** A payment whose transaction_id another order has. */
  | 'transaction_taken'
  /** Told about a refund with other numbers than ours, or one that was closed and now succeeded. */
  | 'refund_differs'
  /** Told about a refund that is neither ours nor known to WeChat Pay. */
  | 'refund_unknown'
  /** A day's bill names another sum than the ledger. */
  | 'bill_differs'
  /** The merchant's balance is too small for a refund; it is tried on. */
  | 'balance_short'
  /** A refund could not be asked for in ten minutes of tries: our key, certificate or address may be wrong. It is tried on. */
  | 'refund_not_taken'
  /** WeChat Pay closed or refused a refund, or its receiver's account is dead (`abnormal`). */
  | 'refund_failed'
  | 'refund_abnormal'
  /** A refund made elsewhere (the merchant's console); it is booked. */
  | 'refund_not_ours'
  /** Paid, but the coupon was used or lost meanwhile: the payer had a discount for nothing. */
  | 'coupon_gone'
  /** Wholly refunded, but the issuer did not take the coupon back. */
  | 'coupon_not_returned';

/** Numbers and the platform's own words, nothing personal. */
export type Evidence = Readonly<Record<string, string | number | null>>;

/** The same kind about the same thing is the same incident, however often it is found. */
export type Incident = Readonly<{
  kind: IncidentKind;
  outTradeNo: string;
  outRefundNo?: string | undefined;
  evidence: Evidence;
  /** What tells it from others of its kind about the same order, such as the transaction_id. */
  of: string;
}>;
