import { decryptField } from '@lingquan/wechat-pay';
import { refuse } from '../rules/refusal.ts';
import type { Refund } from '../rules/refund.ts';
import { type V3Answer, type V3Api, type V3Call, json } from './definition.ts';
import { refundOf } from './resources.ts';
import { abnormalRefundShape, bodyObject, checked, refundShape } from './schema.ts';

function answer({ pay }: V3Call, refund: Refund): V3Answer {
  const order = pay.book.order(refund.outTradeNo) ?? refuse('RESOURCE_NOT_EXISTS', '订单不存在');
  return json(refundOf(refund, order));
}

function ask(call: V3Call): V3Answer {
  const { desk, body, wantedSerial } = call;
  const asked = checked(refundShape, bodyObject(body), 'body');
  const { transaction_id: transactionId, out_trade_no: outTradeNo } = asked;
  if (transactionId === undefined && outTradeNo === undefined)
    refuse('PARAM_ERROR', 'transaction_id和out_trade_no必须二选一', {
      field: '/out_trade_no',
      issue: '缺失',
      location: 'body',
    });
  const refund = desk.refund(
    { transactionId, outTradeNo },
    {
      api: 'v3',
      outRefundNo: asked.out_refund_no,
      refundFen: asked.amount.refund,
      totalFen: asked.amount.total,
      reason: asked.reason ?? '',
      notifyUrl: asked.notify_url ?? null,
      fundsAccount: asked.funds_account ?? '',
    },
    wantedSerial,
  );
  return answer(call, refund);
}

/** Another account for a refund that the payer's did not take: its fields are encrypted for the key the header names (reference B.14). */
function retryAbnormal(call: V3Call): V3Answer {
  const { pay, desk, params, body, wantedSerial } = call;
  const asked = checked(abnormalRefundShape, bodyObject(body), 'body');
  const refund = pay.book.refundById(params['refundId'] ?? '');
  if (refund === undefined || refund.outRefundNo !== asked.out_refund_no) refuse('REFUND_NOT_EXIST', '退款单不存在');
  if (asked.type === 'USER_BANK_CARD' && [asked.bank_type, asked.bank_account, asked.real_name].includes(undefined))
    refuse('PARAM_ERROR', '退款至用户银行卡时，开户银行、收款银行卡号和姓名必填');
  const privateKey = pay.keys.privateKey(wantedSerial);
  for (const secret of [asked.bank_account, asked.real_name]) {
    if (secret === undefined) continue;
    if (privateKey === undefined) refuse('PARAM_ERROR', '平台证书序列号Wechatpay-Serial错误');
    try {
      decryptField(privateKey, secret);
    } catch {
      refuse('PARAM_ERROR', '敏感信息解密失败');
    }
  }
  return answer(call, desk.retryAbnormal(refund));
}

/** Refunds (reference B.11). */
export const refundApis: readonly V3Api[] = [
  { method: 'POST', path: '/v3/refund/domestic/refunds', handle: ask },
  {
    method: 'GET',
    path: '/v3/refund/domestic/refunds/:outRefundNo',
    handle: (call) =>
      answer(
        call,
        call.pay.book.refund(call.params['outRefundNo'] ?? '') ?? refuse('REFUND_NOT_EXIST', '退款单不存在'),
      ),
  },
  { method: 'POST', path: '/v3/refund/domestic/refunds/:refundId/apply-abnormal-refund', handle: retryAbnormal },
];
