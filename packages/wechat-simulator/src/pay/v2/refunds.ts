import { isOutRefundNo } from '@lingquan/wechat-pay';
import type { Order } from '../rules/order.ts';
import { refuse } from '../rules/refusal.ts';
import type { Refund } from '../rules/refund.ts';
import { isNotifyUrl } from '../v3/schema.ts';
import { type V2Api, type V2Call, fenField, optional, orderName, required } from './call.ts';
import { acceptedRefund, queriedRefunds } from './fields.ts';

function ask({ pay, desk, fields }: V2Call) {
  const outRefundNo = required(fields, 'out_refund_no', 64);
  if (!isOutRefundNo(outRefundNo)) refuse('PARAM_ERROR', 'out_refund_no格式错误');
  const notifyUrl = optional(fields, 'notify_url', 256);
  if (notifyUrl !== '' && !isNotifyUrl(notifyUrl))
    refuse('PARAM_ERROR', 'notify_url必须为直接可访问的URL，不能携带参数');
  const refund = desk.refund(
    orderName(fields),
    {
      api: 'v2',
      outRefundNo,
      refundFen: fenField(fields, 'refund_fee'),
      totalFen: fenField(fields, 'total_fee'),
      reason: optional(fields, 'refund_desc', 80),
      notifyUrl: notifyUrl === '' ? null : notifyUrl,
      fundsAccount: optional(fields, 'refund_account', 30),
    },
    '',
  );
  return acceptedRefund(refund, pay.book.order(refund.outTradeNo) ?? refuse('ORDER_NOT_EXIST', '订单不存在'));
}

/** The refunds asked for: a refund's own number wins over an order's (reference A.8, medium). */
function asked({ pay, desk, fields }: V2Call): { order: Order; refunds: readonly Refund[] } {
  const { refund_id: refundId = '', out_refund_no: outRefundNo = '' } = fields;
  if (refundId !== '' || outRefundNo !== '') {
    const refund = refundId === '' ? pay.book.refund(outRefundNo) : pay.book.refundById(refundId);
    const order = refund && pay.book.order(refund.outTradeNo);
    if (refund === undefined || order === undefined) refuse('REFUND_NOT_EXIST', 'not exist');
    return { order, refunds: [refund] };
  }
  const order = desk.find(orderName(fields)) ?? refuse('REFUND_NOT_EXIST', 'not exist');
  const refunds = pay.book.refundsOf(order.outTradeNo);
  if (refunds.length === 0) refuse('REFUND_NOT_EXIST', 'not exist');
  return { order, refunds };
}

/** Refunds (reference A.8). */
export const refundApis: readonly V2Api[] = [
  { path: '/secapi/pay/refund', mutualTls: true, handle: ask },
  {
    path: '/pay/refundquery',
    handle: (call) => {
      const { order, refunds } = asked(call);
      return queriedRefunds(order, refunds, Number(call.fields['offset'] ?? 0) || 0);
    },
  },
];
