import { expect, test } from '@jest/globals';
import { bed, jsapi, byNumber } from './desk.ts';

/** Requests that are refused, and how it is said. */
export function refusals(): void {
  test('what is not signed rightly, lately, for the first time and by this merchant is refused', async () => {
    const { merchant } = bed;
    const path = byNumber('T-none-1');
    const refused = async (asking: object, method: 'get' | 'post' = 'get') => {
      const answer = await (method === 'get'
        ? merchant.get(path, asking)
        : merchant.post(jsapi, bed.order('T-none-1'), asking));
      // Only an answer to a request that was rightly signed is signed.
      expect(answer.signature).toBe(answer.status === 404 ? 'ok' : 'missing_header');
      return [answer.status, answer.json['code']];
    };
    expect(await refused({})).toEqual([404, 'ORDER_NOT_EXIST']);
    expect(await refused({ skew: -299 })).toEqual([404, 'ORDER_NOT_EXIST']);
    expect(await refused({ skew: -302 })).toEqual([401, 'SIGN_ERROR']);
    expect(await refused({ skew: 302 })).toEqual([401, 'SIGN_ERROR']);
    expect(await refused({ nonce: 'same' })).toEqual([404, 'ORDER_NOT_EXIST']);
    expect(await refused({ nonce: 'same' })).toEqual([401, 'SIGN_ERROR']);
    expect(await refused({ headers: { authorization: '' } })).toEqual([401, 'SIGN_ERROR']);
    expect(await refused({ headers: { 'user-agent': '' } })).toEqual([400, 'PARAM_ERROR']);
    const body = JSON.stringify(bed.order('T-none-1'));
    expect(await refused({ sent: `${body} ` }, 'post')).toEqual([401, 'SIGN_ERROR']);
    expect((await bed.control().get('/_sim/pay/orders')) as object).toMatchObject({ total: 0 });
  });

  test('a wrong parameter is named, with its place', async () => {
    const { merchant } = bed;
    const refused = async (more: object) => {
      const { status, json } = await merchant.post(jsapi, bed.order('T-param-1', more as Record<string, unknown>));
      return [status, json['code'], (json['detail'] as { field?: string } | undefined)?.field];
    };
    expect(await refused({ amount: { total: 0 } })).toEqual([400, 'PARAM_ERROR', '/amount/total']);
    expect(await refused({ amount: { total: '8800' } })).toEqual([400, 'PARAM_ERROR', '/amount/total']);
    expect(await refused({ out_trade_no: 'short' })).toEqual([400, 'PARAM_ERROR', '/out_trade_no']);
    expect(await refused({ notify_url: 'https://a.example/x?y=1' })).toEqual([400, 'PARAM_ERROR', '/notify_url']);
    expect(await refused({ attach: null })).toEqual([400, 'PARAM_ERROR', '/attach']);
    expect(await refused({ description: '券😀' })).toEqual([400, 'PARAM_ERROR', '']);
    expect(await refused({ payer: { openid: 'oNobody' } })).toEqual([400, 'PARAM_ERROR', '/payer/openid']);
    expect(await refused({ appid: 'wx9999' })).toEqual([400, 'APPID_MCHID_NOT_MATCH', undefined]);
    expect(await refused({ mchid: '1999999999' })).toEqual([400, 'MCH_NOT_EXISTS', undefined]);
    expect(await refused({ time_expire: 'tomorrow' })).toEqual([400, 'PARAM_ERROR', '/time_expire']);
  });
}
