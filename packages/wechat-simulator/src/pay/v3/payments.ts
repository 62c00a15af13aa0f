import { z } from 'zod';
import { refuse } from '../rules/refusal.ts';
import type { TradeType } from '../rules/order.ts';
import { instantOf } from '../rules/times.ts';
import type { Pay } from '../state/pay.ts';
import { type V3Api, type V3Call, json } from './definition.ts';
import { transactionOf } from './resources.ts';
import { bodyObject, checked, closeShape, prepayShapes } from './schema.ts';

const products = { jsapi: 'JSAPI', app: 'APP', native: 'NATIVE', h5: 'MWEB' } as const satisfies Record<
  string,
  TradeType
>;
type Product = keyof typeof products;

/** The account must be bound to the merchant, and the payer be somebody under it. */
function checkPeople(
  { world, keys }: Pay,
  { appid, mchid, openid }: { appid: string; mchid: string; openid: string | null },
) {
  if (mchid !== keys.merchant.mchid) refuse('MCH_NOT_EXISTS', '商户号与签名的商户号不一致');
  const account = world.accounts.get(appid);
  if (account === undefined) refuse('APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配，请检查后再试');
  if (openid !== null && account.followers.get(openid) === undefined)
    refuse('PARAM_ERROR', 'appid和openid不匹配', {
      field: '/payer/openid',
      value: openid,
      issue: 'openid与appid不匹配',
      location: 'body',
    });
}

function prepay(product: Product) {
  return ({ pay, desk, body, wantedSerial }: V3Call) => {
    const asked = checked(prepayShapes[product], bodyObject(body), 'body');
    const openid = product === 'jsapi' ? (asked.payer?.openid ?? null) : null;
    const { appid, mchid } = asked;
    checkPeople(pay, { appid, mchid, openid });
    const expiresAtMs = asked.time_expire === undefined ? undefined : instantOf('v3', asked.time_expire);
    if (asked.time_expire !== undefined && expiresAtMs === undefined)
      refuse('PARAM_ERROR', '订单失效时间格式错误', {
        field: '/time_expire',
        value: asked.time_expire,
        issue: '不符合rfc3339',
        location: 'body',
      });
    const { prepay: made } = desk.prepay({
      terms: {
        api: 'v3',
        outTradeNo: asked.out_trade_no,
        appid,
        tradeType: products[product],
        description: asked.description,
        attach: asked.attach ?? '',
        totalFen: asked.amount.total,
        notifyUrl: asked.notify_url,
        openid,
      },
      expiresAtMs,
      signType: 'RSA',
      wantedSerial,
    });
    if (made.codeUrl !== null) return json({ code_url: made.codeUrl });
    if (product === 'h5')
      return json({
        h5_url: `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${made.prepayId}&package=1`,
      });
    return json({ prepay_id: made.prepayId });
  };
}

const mchidInQuery = z.object({ mchid: z.string() });

function query(name: 'transactionId' | 'outTradeNo') {
  return ({ pay, desk, params, query: asked, now }: V3Call) => {
    const { mchid } = checked(mchidInQuery, Object.fromEntries(asked), 'query');
    if (mchid !== pay.keys.merchant.mchid) refuse('MCH_NOT_EXISTS', '商户号与签名的商户号不一致');
    const order = desk.find({ [name]: params['number'] }) ?? refuse('ORDER_NOT_EXIST', '订单不存在');
    return json(transactionOf(order, mchid, now));
  };
}

/** Orders of a merchant of its own (reference B.7, B.9). */
export const paymentApis: readonly V3Api[] = [
  ...(Object.keys(products) as Product[]).map((product): V3Api => ({
    method: 'POST',
    path: `/v3/pay/transactions/${product}`,
    handle: prepay(product),
  })),
  { method: 'GET', path: '/v3/pay/transactions/id/:number', handle: query('transactionId') },
  { method: 'GET', path: '/v3/pay/transactions/out-trade-no/:number', handle: query('outTradeNo') },
  {
    method: 'POST',
    path: '/v3/pay/transactions/out-trade-no/:number/close',
    handle: ({ pay, desk, params, body }) => {
      const { mchid } = checked(closeShape, bodyObject(body), 'body');
      if (mchid !== pay.keys.merchant.mchid) refuse('MCH_NOT_EXISTS', '商户号与签名的商户号不一致');
      desk.close(params['number'] ?? '');
      return { kind: 'nothing' };
    },
  },
];
