import type { Incident } from './incident.ts';
import type { Order } from './order.ts';
import type { Refund } from './refund.ts';
import { advance } from './refund.ts';
import type { RefundState } from './refund.ts';

/** A payment as WeChat Pay tells it, in a notice or in the answer to a query: both are the same to us. Words are the platform's. */
export type TransactionTold = Readonly<{
  mchid: string;
  appid: string;
  outTradeNo: string;
  /** Empty while unpaid. */
  transactionId: string;
  tradeState: string;
  /** The order's amount; what the payer paid may be less after WeChat's own coupons and is never compared (reference E.10). */
  totalFen: number;
  /** Empty when it is not said (an unpaid order). */
  currency: string;
  successAtMs: number | undefined;
}>;

/** A refund as WeChat Pay tells it, in a notice or in an answer. */
export type RefundTold = Readonly<{
  mchid: string;
  outTradeNo: string;
  transactionId: string;
  outRefundNo: string;
  refundId: string;
  /** v3's words: SUCCESS, CLOSED, PROCESSING, ABNORMAL. */
  status: string;
  totalFen: number;
  refundFen: number;
  successAtMs: number | undefined;
}>;

export type TransactionVerdict =
  | { kind: 'paid' }
  /** The platform will take no payment for it any more. */
  | { kind: 'closed' }
  /** Not paid, and it still can be. */
  | { kind: 'open' }
  | { kind: 'repeat' }
  | { kind: 'incident'; incident: Incident };

/** REFUND says that there is a refund, so it was paid (reference D.1). */
const PAID = new Set(['SUCCESS', 'REFUND']);
const OVER = new Set(['CLOSED', 'REVOKED', 'PAYERROR']);

/**
 * What a payment that was told does to the order: own merchant number and appid, order known, trade_state, amount and currency, not
 * applied already, in this order (reference D.5). `heldBy` is the order that has this transaction_id, if one has.
 */
export function judgeTransaction(
  order: Order | undefined,
  told: TransactionTold,
  ownMchid: string,
  heldBy?: string,
): TransactionVerdict {
  const { outTradeNo, transactionId, tradeState, totalFen, currency } = told;
  const incident = (kind: Incident['kind'], evidence: Incident['evidence']): TransactionVerdict => ({
    kind: 'incident',
    incident: { kind, outTradeNo, of: transactionId, evidence: { transactionId, tradeState, totalFen, ...evidence } },
  });
  if (told.mchid !== ownMchid) return incident('foreign_merchant', { mchid: told.mchid });
  if (order === undefined) return incident('order_unknown', {});
  if (told.appid !== order.appid) return incident('foreign_appid', { appid: told.appid });
  if (!PAID.has(tradeState)) return { kind: OVER.has(tradeState) ? 'closed' : 'open' };
  if (totalFen !== order.payableFen || currency !== 'CNY')
    return incident('amount_differs', { currency, payableFen: order.payableFen ?? null });
  if (heldBy !== undefined && heldBy !== outTradeNo) return incident('transaction_taken', { heldBy });
  if (order.state !== 'paid') return { kind: 'paid' };
  return transactionId === order.transactionId
    ? { kind: 'repeat' }
    : incident('second_transaction', { firstTransactionId: order.transactionId ?? null });
}

export type RefundVerdict =
  | { kind: 'moves'; to: RefundState }
  | { kind: 'repeat' }
  /** Nobody asked for it here: the platform is asked about it before it is believed. */
  | { kind: 'not ours' }
  | { kind: 'incident'; incident: Incident };

/** What a refund that was told does: nothing unless every number is the one we know. */
export function judgeRefund(
  order: Order | undefined,
  refund: Refund | undefined,
  told: RefundTold,
  ownMchid: string,
): RefundVerdict {
  const { outTradeNo, outRefundNo, status, refundFen, totalFen } = told;
  const incident = (kind: Incident['kind'], evidence: Incident['evidence'] = {}): RefundVerdict => ({
    kind: 'incident',
    incident: {
      kind,
      outTradeNo,
      outRefundNo,
      of: outRefundNo,
      evidence: { refundId: told.refundId, status, refundFen, totalFen, ...evidence },
    },
  });
  if (told.mchid !== ownMchid) return incident('foreign_merchant', { mchid: told.mchid });
  if (order === undefined) return incident('order_unknown');
  if (refund === undefined) return { kind: 'not ours' };
  const fits =
    refund.outTradeNo === outTradeNo &&
    refund.refundFen === refundFen &&
    order.paidFen === totalFen &&
    (told.transactionId === '' || told.transactionId === order.transactionId) &&
    (refund.refundId === undefined || told.refundId === '' || told.refundId === refund.refundId);
  if (!fits) return incident('refund_differs', { ourRefundFen: refund.refundFen, ourTotalFen: order.paidFen });
  const to = advance(refund.state, status);
  if (to === 'contradiction') return incident('refund_differs', { ourState: refund.state });
  return to === 'as it is' ? { kind: 'repeat' } : { kind: 'moves', to };
}
