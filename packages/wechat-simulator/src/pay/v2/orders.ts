import { isOutTradeNo } from '@lingquan/wechat-pay';
import { type TradeType, stateAt } from '../rules/order.ts';
import { refuse } from '../rules/refusal.ts';
import { instantOf } from '../rules/times.ts';
import { isNotifyUrl } from '../v3/schema.ts';
import { type V2Api, type V2Call, fenField, optional, orderName, required } from './call.ts';
import { queriedOrder } from './fields.ts';

const tradeTypes: readonly string[] = ['JSAPI', 'NATIVE', 'APP', 'MWEB'] satisfies TradeType[];

function tradeTypeOf({ fields }: V2Call): TradeType {
  const tradeType = required(fields, 'trade_type', 16);
  if (!tradeTypes.includes(tradeType)) refuse('PARAM_ERROR', '参数trade_type错误');
  if (tradeType === 'NATIVE') required(fields, 'product_id', 32);
  if (tradeType === 'MWEB') required(fields, 'scene_info', 256);
  return tradeType as TradeType;
}

function payerOf({ pay, fields }: V2Call, tradeType: TradeType): string | null {
  if (tradeType !== 'JSAPI') return null;
  const openid = required(fields, 'openid', 128);
  if (pay.world.accounts.get(fields['appid'] ?? '')?.followers.get(openid) === undefined)
    refuse('PARAM_ERROR', 'appid和openid不匹配');
  return openid;
}

function expiryOf({ fields }: V2Call): number | undefined {
  const text = fields['time_expire'] ?? '';
  if (text === '') return undefined;
  return instantOf('v2', text) ?? refuse('PARAM_ERROR', 'time_expire格式错误');
}

function unifiedOrder(call: V2Call) {
  const { desk, fields, signType } = call;
  const outTradeNo = required(fields, 'out_trade_no', 32);
  if (!isOutTradeNo(outTradeNo)) refuse('PARAM_ERROR', 'out_trade_no格式错误');
  const notifyUrl = required(fields, 'notify_url', 256);
  if (!isNotifyUrl(notifyUrl)) refuse('PARAM_ERROR', 'notify_url必须为直接可访问的URL，不能携带参数');
  required(fields, 'spbill_create_ip', 64);
  if ((fields['fee_type'] || 'CNY') !== 'CNY') refuse('PARAM_ERROR', 'fee_type只支持CNY');
  const tradeType = tradeTypeOf(call);
  const { prepay } = desk.prepay({
    terms: {
      api: 'v2',
      outTradeNo,
      appid: fields['appid'] ?? '',
      tradeType,
      description: required(fields, 'body', 128),
      attach: optional(fields, 'attach', 127),
      totalFen: fenField(fields, 'total_fee'),
      notifyUrl,
      openid: payerOf(call, tradeType),
    },
    expiresAtMs: expiryOf(call),
    signType,
    wantedSerial: '',
  });
  return {
    trade_type: tradeType,
    prepay_id: prepay.prepayId,
    code_url: prepay.codeUrl ?? undefined,
    mweb_url:
      tradeType === 'MWEB'
        ? `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${prepay.prepayId}&package=1`
        : undefined,
  };
}

/** Orders (reference A.4, A.7). */
export const orderApis: readonly V2Api[] = [
  { path: '/pay/unifiedorder', handle: unifiedOrder },
  {
    path: '/pay/orderquery',
    handle: ({ desk, fields, now }) =>
      queriedOrder(desk.find(orderName(fields)) ?? refuse('ORDER_NOT_EXIST', '此交易订单号不存在'), now),
  },
  {
    path: '/pay/closeorder',
    handle: ({ desk, pay, fields, now }) => {
      const outTradeNo = required(fields, 'out_trade_no', 32);
      const order = pay.book.order(outTradeNo) ?? refuse('ORDER_NOT_EXIST', '订单不存在');
      if (stateAt(order, now) === 'CLOSED') refuse('ORDER_CLOSED', '订单已关闭'); // v3 lets it pass, v2 says so (reference A.7)
      desk.close(outTradeNo);
      return { result_msg: 'OK' };
    },
  },
];
