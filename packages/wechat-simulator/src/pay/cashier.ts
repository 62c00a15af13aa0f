import { AppError } from '@lingquan/errors';
import { clientMessage, matchesRsa, signParameters } from '@lingquan/wechat-pay';
import type { Keys } from './state/keys.ts';
import { type Order, payProblem, prepayLifeMs } from './rules/order.ts';
import type { Pay } from './state/pay.ts';

/** What an app or page hands to the phone: the parameters of wx.requestPayment; mini programs leave appId away. */
export interface ClientPayment {
  readonly appId?: string | undefined;
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  readonly signType: string;
  readonly paySign: string;
}

/** What names the order a person wants to pay. */
export interface Wanted {
  readonly outTradeNo?: string | undefined;
  readonly prepayId?: string | undefined;
  readonly codeUrl?: string | undefined;
  readonly payment?: ClientPayment | undefined;
  readonly openid?: string | undefined;
}

/** Whether the phone believes the parameters: signed by the merchant, the way the order was (reference A.5, B.8). */
export function isSignedBy({ merchant }: Keys, order: Order, payment: ClientPayment): boolean {
  const { timeStamp, nonceStr, signType, paySign, appId = order.appid } = payment;
  if (signType !== order.signType || appId !== order.appid) return false;
  if (order.signType === 'RSA') {
    const message = clientMessage({ appid: appId, timestamp: timeStamp, nonce: nonceStr }, payment.package);
    return matchesRsa(merchant.publicKey, paySign, message);
  }
  const parameters = { appId, timeStamp, nonceStr, package: payment.package, signType };
  return signParameters(parameters, merchant.apiV2Key, order.signType) === paySign;
}

/**
 * The order a person is about to pay, and as whom.
 * @throws AppError `not_found` for none, `invalid` for parameters the phone does not believe, `conflict` for what cannot be paid
 */
export function atCashier(pay: Pay, wanted: Wanted): { order: Order; openid: string } {
  const now = pay.world.clock.now();
  const order = orderOf(pay, wanted);
  if (wanted.payment !== undefined && !isSignedBy(pay.keys, order, wanted.payment))
    throw new AppError('invalid', '支付验证签名失败 · paySign, signType or appId is wrong');
  const prepayId = prepayIdOf(wanted);
  if (prepayId !== undefined) {
    const prepay = order.prepays.find((one) => one.prepayId === prepayId || one.codeUrl === prepayId);
    if (prepay === undefined || now >= prepay.createdAtMs + prepayLifeMs)
      throw new AppError('conflict', '支付会话已过期，请重新下单 · The prepay_id is older than two hours');
  }
  const followers = pay.world.accounts.get(order.appid)?.followers;
  const openid = wanted.openid ?? order.openid ?? followers?.list()[0]?.openid;
  if (openid === undefined || followers?.get(openid) === undefined)
    throw new AppError('not_found', 'The account has no follower with this openid');
  const problem = payProblem(order, openid, now);
  if (problem !== undefined) throw new AppError('conflict', problem);
  return { order, openid };
}

/** The order named, whatever its state. @throws AppError `not_found`, or `invalid` when nothing names one */
export function orderOf({ book }: Pay, wanted: Wanted): Order {
  const prepayId = prepayIdOf(wanted);
  if (prepayId === undefined && wanted.outTradeNo === undefined)
    throw new AppError('invalid', 'outTradeNo, prepayId, codeUrl or payment is missing');
  const order = prepayId === undefined ? book.order(wanted.outTradeNo ?? '') : book.orderByPrepay(prepayId);
  if (order === undefined) throw new AppError('not_found', 'There is no such order at WeChat Pay');
  return order;
}

function prepayIdOf({ prepayId, codeUrl, payment }: Wanted): string | undefined {
  return prepayId ?? codeUrl ?? payment?.package.replace(/^prepay_id=/, '');
}
