import type { Bill, PlatformCertificate, ClientParameters, Refund, Transaction } from '@lingquan/wechat-pay';
import type { PayOutcome } from './outcome.ts';

/** What the platform is asked to take a payment for. The same again is the same order there (reference D.3). */
export type PrepayOrder = {
  outTradeNo: string;
  appid: string;
  openid: string;
  /** What the payer reads; cut to what the platform takes. */
  description: string;
  totalFen: number;
  /** Until when it can be paid. Say the same instant in every repeat: it is part of the parameters. */
  payUntilMs: number;
  /** Whole address, without a query. */
  notifyUrl: string;
};

export type RefundOrder = {
  outTradeNo: string;
  /** The same for ever for this refund, whatever happens (reference D.3). */
  outRefundNo: string;
  refundFen: number;
  /** The whole order's. */
  totalFen: number;
  /** What the payer reads; may be ''. */
  reason: string;
  notifyUrl: string;
};

/** The calls that differ between the versions of the API; made with v3 or with v2, their outcomes mean the same. */
export type PayCalls = {
  prepay: (order: PrepayOrder) => Promise<PayOutcome<{ prepayId: string }>>;
  /** Signed here, without a call; the nonce has at most 32 characters and is used once. */
  clientParameters: (appid: string, prepayId: string, nowSeconds: number, nonce: string) => ClientParameters;
  query: (outTradeNo: string) => Promise<PayOutcome<Transaction | 'unknown_order'>>;
  /** On any failure: query, and believe the query (reference B.9). v2 wants five minutes between order and close. */
  close: (outTradeNo: string) => Promise<PayOutcome<'closed' | 'already_paid' | 'unknown_order'>>;
  /** ok means accepted: how it ends is in the refund's status, now or later. */
  refund: (order: RefundOrder) => Promise<PayOutcome<Refund>>;
  queryRefund: (outRefundNo: string, outTradeNo: string) => Promise<PayOutcome<Refund | 'unknown_refund'>>;
  /** The bill of a day of Beijing, `YYYY-MM-DD`; there from 10:00 of the next day for three months. `none`: no trade that day. */
  tradeBill: (date: string) => Promise<PayOutcome<Bill | 'none' | 'not_ready'>>;
};

/** WeChat Pay for one merchant. Nothing here rejects: failures are outcomes, and none holds a secret. */
export type WechatPay = PayCalls & {
  /** The platform's certificates that have not expired: public data, by which notices are verified. */
  platformCertificates: () => PlatformCertificate[];
  /** Downloads the certificates once more for a serial that is not known; at most once in three minutes. */
  lookForCertificates: () => Promise<void>;
  /** Downloads the certificates and keeps them fresh. Resolves after the first try, successful or not. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
};
