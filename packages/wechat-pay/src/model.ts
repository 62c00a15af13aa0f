/** An order at WeChat Pay, the same for both versions of its API. Strings are the platform's own words, '' when it says nothing. */
export type Transaction = {
  mchid: string;
  appid: string;
  openid: string;
  outTradeNo: string;
  /** '' until it is paid. */
  transactionId: string;
  tradeType: string;
  /** SUCCESS, REFUND, NOTPAY, CLOSED, REVOKED, USERPAYING, PAYERROR, ACCEPT; not a closed set. */
  tradeState: string;
  /** What to compare with the order (reference B.5). 0 when the platform says nothing, as for some unpaid orders. */
  totalFen: number;
  /** Lower after WeChat's own coupons; never to be compared with the order. */
  payerTotalFen: number;
  /** CNY. */
  currency: string;
  successTimeMs: number | undefined;
  attach: string;
};

/** A refund at WeChat Pay, the same for both versions of its API. */
export type Refund = {
  /** '' where the platform does not say it: v3 answers do not. */
  mchid: string;
  outTradeNo: string;
  transactionId: string;
  outRefundNo: string;
  refundId: string;
  /** v3's words: PROCESSING, SUCCESS, CLOSED, ABNORMAL; not a closed set. */
  status: string;
  totalFen: number;
  refundFen: number;
  payerRefundFen: number;
  successTimeMs: number | undefined;
};
