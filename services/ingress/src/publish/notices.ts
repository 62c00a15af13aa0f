import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { toHeaders, topics, uuidOf } from '@lingquan/events';
import { PayApi, PaymentNotificationSchema } from '@lingquan/events/payment.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { Notice, NoticeApi } from '../pay/notice.ts';
import { SOURCE, traceOf } from './records.ts';

const apis: Record<NoticeApi, PayApi> = { v3: PayApi.V3, v2: PayApi.V2 };

/**
 * A notice on payment.notifications. Its id follows from what it says, not from the delivery: however often and by whichever server the
 * platform says it, it is one event.
 */
export function noticeRecord(notice: Notice, nowMs: number): OutgoingRecord {
  const { key, parts, notification } = partsOf(notice);
  const id = uuidOf('payment-notice', notice.api, ...parts);
  const envelope = { id, source: SOURCE, type: `payment.${notice.kind}`, timeMs: nowMs, traceparent: traceOf(id) };
  return {
    topic: topics.paymentNotifications.name,
    key,
    value: Buffer.from(toBinary(PaymentNotificationSchema, create(PaymentNotificationSchema, { notification }))),
    headers: toHeaders(envelope),
  };
}

type Parts = {
  key: string;
  /** What, beside the API, tells this notice from every other. */
  parts: string[];
  notification: NonNullable<MessageInitShape<typeof PaymentNotificationSchema>['notification']>;
};

/** Field by field: what a notice holds beside these (a bank, the account that got the money) stays here. */
function partsOf(notice: Notice): Parts {
  const { notificationId } = notice;
  const api = apis[notice.api];
  switch (notice.kind) {
    case 'transaction': {
      const { transaction } = notice;
      const { mchid, appid, openid, outTradeNo, transactionId, tradeType, tradeState, successTimeMs } = transaction;
      const value = {
        api,
        notificationId,
        mchid,
        appid,
        openid,
        outTradeNo,
        transactionId,
        tradeType,
        tradeState,
        totalFen: BigInt(transaction.totalFen),
        payerTotalFen: BigInt(transaction.payerTotalFen),
        currency: transaction.currency || 'CNY',
        ...timeOf(successTimeMs),
      };
      const parts = ['transaction', transactionId, tradeState];
      return { key: outTradeNo, parts, notification: { case: 'transaction', value } };
    }
    case 'refund': {
      const { refund } = notice;
      const { mchid, outTradeNo, transactionId, outRefundNo, refundId, status, successTimeMs } = refund;
      const value = {
        api,
        notificationId,
        mchid,
        outTradeNo,
        transactionId,
        outRefundNo,
        refundId,
        status,
        totalFen: BigInt(refund.totalFen),
        refundFen: BigInt(refund.refundFen),
        payerRefundFen: BigInt(refund.payerRefundFen),
        ...timeOf(successTimeMs),
      };
      return { key: outTradeNo, parts: ['refund', refundId, status], notification: { case: 'refund', value } };
    }
    case 'other': {
      const value = { api, notificationId, eventType: notice.eventType };
      return { key: notificationId, parts: ['other', notificationId], notification: { case: 'other', value } };
    }
    default:
      return notice satisfies never;
  }
}

const timeOf = (ms: number | undefined) => (ms === undefined ? {} : { successTime: timestampFromMs(ms) });
