import type { RefundTold, TransactionTold } from '../domain/notice.ts';

/**
 * What became of a call. `refused`: the platform said no, with its code. `uncertain`: it may have happened. `not_sent`: it certainly
 * did not. Neither of the last two is final.
 */
export type Called<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'failed'; failure: 'refused' | 'uncertain' | 'not_sent'; code: string };

/** What the platform is asked to take a payment for; the same again is the same order there (reference D.3). */
export type PrepayOrder = {
  outTradeNo: string;
  appid: string;
  openid: string;
  description: string;
  totalFen: number;
  payUntilMs: number;
};

export type RefundOrder = {
  outTradeNo: string;
  outRefundNo: string;
  refundFen: number;
  /** Of the order. */
  totalFen: number;
  reason: string;
};

/** What `wx.requestPayment` takes; its names are the platform's. */
export type ClientParameters = {
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
};

/** One line of a day's bill. */
export type BillLine = {
  kind: 'pay' | 'refund';
  outTradeNo: string;
  transactionId: string;
  /** Empty in a payment's line. */
  outRefundNo: string;
  /** The order's amount, or the refund's. */
  fen: number;
};

/** A platform certificate: public data. */
export type PlatformKey = { serialNo: string; pem: string; effectiveAtMs: number; expiresAtMs: number };

/** WeChat Pay as the service needs it, whichever version of its API. No call rejects. */
export type Platform = {
  prepay: (order: PrepayOrder) => Promise<Called<{ prepayId: string }>>;
  /** Signed here, without a call. */
  clientParameters: (appid: string, prepayId: string) => ClientParameters;
  query: (outTradeNo: string) => Promise<Called<TransactionTold | 'unknown_order'>>;
  close: (outTradeNo: string) => Promise<Called<'closed' | 'already_paid' | 'unknown_order'>>;
  refund: (refund: RefundOrder) => Promise<Called<RefundTold>>;
  queryRefund: (about: { outTradeNo: string; outRefundNo: string }) => Promise<Called<RefundTold | 'unknown_refund'>>;
  /** The day is Beijing's, YYYY-MM-DD. No bill because there was no trade is an empty one. */
  tradeBill: (date: string) => Promise<Called<BillLine[] | 'not_ready'>>;
  /** Those that have not ended; asked for once more when there is none. */
  platformCertificates: () => Promise<PlatformKey[]>;
  stop: () => Promise<void>;
};
