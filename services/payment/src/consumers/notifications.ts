import { toBinary } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { AppError } from '@lingquan/errors';
import { decode, envelopeOf } from '@lingquan/events';
import { CouponAction, UnusableReason, UnusableSchema } from '@lingquan/events/coupon.ts';
import type { CouponAnswer } from '@lingquan/events/coupon.ts';
import { PaymentNotificationSchema } from '@lingquan/events/payment.ts';
import type { RefundNotice, TransactionNotice } from '@lingquan/events/payment.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import type { CouponAction as Action } from '../domain/change.ts';
import type { Happening } from '../domain/happening.ts';
import type { RefundTold, TransactionTold } from '../domain/notice.ts';
import type { Item } from '../settling/round.ts';

/**
 * A record of payment.notifications, or undefined when it changes nothing (a kind WeChat Pay tells that is not known here). Throws
 * `invalid` for what cannot be read.
 */
export function notificationOf({ headers, value }: IncomingRecord): Item | undefined {
  const { notification } = decode(PaymentNotificationSchema, value);
  const { id, timeMs, traceparent } = envelopeOf(headers);
  const cause = { id, timeMs, traceparent };
  switch (notification.case) {
    case 'transaction': {
      const told = transactionOf(notification.value);
      return { outTradeNo: told.outTradeNo, happening: { kind: 'transaction_told', told }, cause };
    }
    case 'refund': {
      const told = refundOf(notification.value);
      const { outTradeNo, outRefundNo } = told;
      return { outTradeNo, outRefundNo, happening: { kind: 'refund_told', told, asked: false }, cause };
    }
    case 'coupon':
      return { outTradeNo: notification.value.outTradeNo, happening: couponAnswer(notification.value), cause };
    case 'other':
      return undefined;
    case undefined:
      throw new AppError('invalid', 'this notification is of a kind not known here');
    default:
      return notification satisfies never;
  }
}

/** Postgres takes no U+0000; longer than any number of the platform's is none. */
const NUMBER = /^[^\p{Cc}]{0,128}$/u;

function plain<T extends Readonly<Record<string, unknown>>>(told: T): T {
  for (const value of Object.values(told))
    if (typeof value === 'string' && !NUMBER.test(value))
      throw new AppError('invalid', 'a text in it is too long or holds control characters');
  return told;
}

function fen(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new AppError('invalid', 'a sum in it is out of every range');
  return number;
}

const transactionOf = (notice: TransactionNotice): TransactionTold =>
  plain({
    mchid: notice.mchid,
    appid: notice.appid,
    outTradeNo: notice.outTradeNo,
    transactionId: notice.transactionId,
    tradeState: notice.tradeState,
    totalFen: fen(notice.totalFen),
    currency: notice.currency,
    successAtMs: notice.successTime && timestampMs(notice.successTime),
  });

const refundOf = (notice: RefundNotice): RefundTold =>
  plain({
    mchid: notice.mchid,
    outTradeNo: notice.outTradeNo,
    transactionId: notice.transactionId,
    outRefundNo: notice.outRefundNo,
    refundId: notice.refundId,
    status: notice.status,
    totalFen: fen(notice.totalFen),
    refundFen: fen(notice.refundFen),
    successAtMs: notice.successTime && timestampMs(notice.successTime),
  });

const actions: Partial<Record<CouponAction, Action>> = {
  [CouponAction.LOCK]: 'lock',
  [CouponAction.REDEEM]: 'redeem',
  [CouponAction.RELEASE]: 'release',
  [CouponAction.RETURN]: 'return',
};

/** Such as `below_threshold`; a reason not known here by its number. */
const wordOf = (reason: UnusableReason): string =>
  Object.entries(UnusableReason)
    .find(([, value]) => value === reason)?.[0]
    .toLowerCase() ?? String(reason);

function couponAnswer({ answer }: CouponAnswer): Happening {
  switch (answer.case) {
    case 'locked': {
      const { discount } = answer.value;
      if (discount === undefined || discount.totalFen < 0n)
        throw new AppError('invalid', 'a lock must say what it takes off');
      return { kind: 'coupon_locked', discountFen: fen(discount.totalFen), lineFen: discount.lineFen.map(fen) };
    }
    case 'redeemed':
      return { kind: 'coupon_done', action: 'redeem' };
    case 'released':
      return { kind: 'coupon_done', action: 'release' };
    case 'returned':
      return { kind: 'coupon_done', action: 'return', expired: answer.value.expired };
    case 'notDone': {
      const action = actions[answer.value.action];
      const { why } = answer.value;
      if (action === undefined || why === undefined)
        throw new AppError('invalid', 'an answer must say what was not done, and why');
      return {
        kind: 'coupon_not_done',
        action,
        unusable: toBinary(UnusableSchema, why),
        why: wordOf(why.reason),
      };
    }
    case undefined:
      throw new AppError('invalid', 'this coupon answer is of a kind not known here');
    default:
      return answer satisfies never;
  }
}
