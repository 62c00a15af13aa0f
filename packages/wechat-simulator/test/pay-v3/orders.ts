import { expect, test } from '@jest/globals';
import { toRfc3339 } from '@lingquan/wechat-pay';
import { bed, jsapi, byNumber, minute, hour, day } from './desk.ts';

/** What becomes of an order: made, made again, closed, ended, not paid. */
export function orders(): void {
  test('close answers 204 with a content type and a signature over nothing, and may be repeated', async () => {
    const { merchant } = bed;
    await merchant.post(jsapi, bed.order('T-close-1'));
    for (let time = 0; time < 2; time += 1) {
      const closed = await merchant.post('/v3/pay/transactions/out-trade-no/T-close-1/close', {
        mchid: merchant.mchid,
      });
      expect(closed).toMatchObject({ status: 204, signature: 'ok', headers: { 'content-type': 'application/json' } });
    }
    expect((await merchant.get(byNumber('T-close-1'))).json).toMatchObject({ trade_state: 'CLOSED' });
    expect(await bed.pay({ outTradeNo: 'T-close-1' })).toMatchObject({ error: 'conflict', message: '订单已关闭' });
    expect(await merchant.post(jsapi, bed.order('T-close-1'))).toMatchObject({
      status: 400,
      json: { code: 'ORDER_CLOSED' },
    });
  });

  test('the same order again is another prepay_id of the same order; another order under the number is refused', async () => {
    const { merchant } = bed;
    const first = await merchant.post(jsapi, bed.order('T-again-1'));
    const second = await merchant.post(jsapi, bed.order('T-again-1'));
    expect(second.status).toBe(200);
    expect(second.json['prepay_id']).not.toBe(first.json['prepay_id']);
    expect(await bed.control().get('/_sim/pay/orders')).toMatchObject({ total: 1 });
    expect(await merchant.post(jsapi, bed.order('T-again-1', { amount: { total: 8700 } }))).toMatchObject({
      status: 400,
      json: { code: 'INVALID_REQUEST' },
    });
    await bed.pay({ outTradeNo: 'T-again-1' });
    expect(await merchant.post(jsapi, bed.order('T-again-1'))).toMatchObject({
      status: 400,
      json: { code: 'ORDERPAID' },
    });
    const closing = await merchant.post('/v3/pay/transactions/out-trade-no/T-again-1/close', { mchid: merchant.mchid });
    expect(closing).toMatchObject({ status: 400, json: { code: 'ORDERPAID' } });
    expect(closing.headers['request-id']).toMatch(/-268449538$/);
  });

  test('a prepay_id ends after two hours, an order at its time, an unpaid one is closed after a week', async () => {
    const { merchant } = bed;
    const sim = bed.control();
    const made = await merchant.post(jsapi, bed.order('T-time-1', { time_expire: toRfc3339(Date.now() + 3 * hour) }));
    const prepayId = made.json['prepay_id'];
    await sim.shiftClock(2 * hour + minute);
    expect(await bed.pay({ prepayId })).toMatchObject({
      error: 'conflict',
      message: expect.stringContaining('支付会话已过期'),
    });
    expect((await merchant.post(jsapi, bed.order('T-time-1'))).status).toBe(200);
    await sim.shiftClock(3 * hour + minute);
    expect(await bed.pay({ outTradeNo: 'T-time-1' })).toMatchObject({ error: 'conflict', message: '订单已过期' });
    expect((await merchant.get(byNumber('T-time-1'))).json).toMatchObject({ trade_state: 'NOTPAY' });
    expect(await merchant.post(jsapi, bed.order('T-time-1'))).toMatchObject({
      status: 403,
      json: { code: 'OUT_TRADE_NO_USED' },
    });
    await sim.shiftClock(7 * day + minute);
    expect((await merchant.get(byNumber('T-time-1'))).json).toMatchObject({ trade_state: 'CLOSED' });
  });

  test('a failed attempt leaves the order to be paid, by nobody but its payer', async () => {
    const { merchant } = bed;
    await merchant.post(jsapi, bed.order('T-fail-1'));
    const sim = bed.control();
    expect(await sim.post('/_sim/pay/fail', { outTradeNo: 'T-fail-1', reason: 'balance' })).toMatchObject({
      order: { state: 'NOTPAY', attempts: [{ reason: 'balance' }] },
    });
    const { items } = (await sim.get(`/_sim/followers?appid=${merchant.appid}`)) as { items: { openid: string }[] };
    const other = items.find(({ openid }) => openid !== merchant.openid)?.openid;
    expect(await bed.pay({ outTradeNo: 'T-fail-1', openid: other })).toMatchObject({ error: 'conflict' });
    expect(await bed.pay({ outTradeNo: 'T-fail-1' })).toMatchObject({ order: { state: 'SUCCESS' } });
    expect(await bed.pay({ outTradeNo: 'T-fail-1' })).toMatchObject({ error: 'conflict', message: '订单已支付' });
  });

  test('native, app and h5 orders answer what each is opened with', async () => {
    const { merchant } = bed;
    const asked = async (product: string, more: object) => {
      const { payer: _payer, ...order } = bed.order(`T-${product}-1`);
      return (await merchant.post(`/v3/pay/transactions/${product}`, { ...order, ...more })).json;
    };
    const native = await asked('native', {});
    expect(native).toEqual({ code_url: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl\?pr=/) });
    expect(await asked('app', {})).toEqual({ prepay_id: expect.any(String) });
    expect(await asked('h5', {})).toMatchObject({ code: 'PARAM_ERROR' });
    const scene_info = { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } };
    expect(await asked('h5', { scene_info })).toEqual({ h5_url: expect.stringContaining('https://wx.tenpay.com/') });
    expect(await bed.pay({ codeUrl: native['code_url'] })).toMatchObject({
      order: { tradeType: 'NATIVE', state: 'SUCCESS' },
    });
  });
}
