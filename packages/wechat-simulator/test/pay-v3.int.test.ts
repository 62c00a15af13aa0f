import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { clientParameters, openNotification, parseBill, toRfc3339 } from '@lingquan/wechat-pay';
import { type PayTestbed, payTestbed } from './pay-desk.ts';

let bed: PayTestbed;
beforeAll(async () => {
  bed = await payTestbed();
});
afterAll(() => bed.stop());
beforeEach(() => bed.start());
afterEach(() => bed.stopPlatform());

const jsapi = '/v3/pay/transactions/jsapi';
const refunds = '/v3/refund/domestic/refunds';
const byNumber = (outTradeNo: string) => `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${bed.merchant.mchid}`;
const now = () => Math.floor(Date.now() / 1000);
const opened = (notice: { headers: Record<string, string | string[] | undefined>; body: Buffer }) =>
  openNotification(bed.merchant.keys(), bed.merchant.apiV3Key, notice, now());
const today = () => toRfc3339(Date.now()).slice(0, 10);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

async function paidOrder(outTradeNo: string, totalFen = 8800): Promise<void> {
  const { status } = await bed.merchant.post(jsapi, bed.order(outTradeNo, { amount: { total: totalFen } }));
  expect(status).toBe(200);
  expect(await bed.pay({ outTradeNo })).toHaveProperty('order.state', 'SUCCESS');
}

const refundOf = (outTradeNo: string, outRefundNo: string, refundFen: number, totalFen = 8800) => ({
  out_trade_no: outTradeNo,
  out_refund_no: outRefundNo,
  reason: '顾客取消',
  notify_url: `${bed.receiver.url}/v3/notify`,
  amount: { refund: refundFen, total: totalFen, currency: 'CNY' },
});

test('an order is made, paid by its parameters, noticed, queried, refunded, noticed again and in the bill', async () => {
  const { merchant, receiver } = bed;
  const made = await merchant.post(jsapi, bed.order('T20260101000001'));
  expect(made).toMatchObject({ status: 200, signature: 'ok', json: { prepay_id: expect.stringMatching(/^wx\d{14}/) } });
  expect(made.headers['request-id']).toMatch(/^08[0-9A-F]+-0$/);

  const prepayId = String(made.json['prepay_id']);
  const payment = clientParameters(merchant.privateKey, {
    appid: merchant.appid,
    prepayId,
    timestamp: now(),
    nonce: 'n',
  });
  expect(await bed.pay({ payment: { ...payment, nonceStr: 'other' } })).toMatchObject({ error: 'invalid' });
  const { appId: _appId, ...ofMiniProgram } = payment;
  expect(await bed.pay({ payment: ofMiniProgram, couponFen: 100 })).toMatchObject({
    order: { state: 'SUCCESS', payerTotalFen: 8700 },
  });

  const [paid] = await receiver.first(1);
  expect(opened(paid!)).toMatchObject({
    ok: true,
    notification: {
      eventType: 'TRANSACTION.SUCCESS',
      originalType: 'transaction',
      content: {
        kind: 'transaction',
        transaction: { outTradeNo: 'T20260101000001', totalFen: 8800, payerTotalFen: 8700, attach: '门店=07' },
      },
    },
  });
  const queried = await merchant.get(byNumber('T20260101000001'));
  expect(queried).toMatchObject({
    status: 200,
    signature: 'ok',
    json: {
      trade_state: 'SUCCESS',
      amount: { total: 8800, payer_total: 8700, currency: 'CNY', payer_currency: 'CNY' },
      promotion_detail: [{ amount: 100, type: 'CASH' }],
    },
  });
  const transactionId = String(queried.json['transaction_id']);
  expect(transactionId).toMatch(/^4200\d{24}$/);
  expect((await merchant.get(`/v3/pay/transactions/id/${transactionId}?mchid=${merchant.mchid}`)).json).toEqual(
    queried.json,
  );

  const asked = await merchant.post(refunds, refundOf('T20260101000001', 'R1', 3000));
  expect(asked).toMatchObject({ status: 200, signature: 'ok', json: { status: 'PROCESSING', channel: 'ORIGINAL' } });
  const [, refunded] = await receiver.first(2);
  expect(opened(refunded!)).toMatchObject({
    notification: {
      eventType: 'REFUND.SUCCESS',
      resource: { refund_status: 'SUCCESS', mchid: merchant.mchid },
      content: { kind: 'refund', refund: { outRefundNo: 'R1', refundFen: 3000, totalFen: 8800, status: 'SUCCESS' } },
    },
  });
  expect((await merchant.get(`${refunds}/R1`)).json).toMatchObject({
    status: 'SUCCESS',
    refund_id: asked.json['refund_id'],
  });
  expect((await merchant.get(byNumber('T20260101000001'))).json).toMatchObject({ trade_state: 'REFUND' });

  await bed.control().post('/_sim/pay/bills', { date: today(), state: 'ready' });
  const bill = await merchant.get(`/v3/bill/tradebill?bill_date=${today()}&bill_type=ALL`);
  expect(bill).toMatchObject({ status: 200, signature: 'ok' });
  const address = new URL(String(bill.json['download_url']));
  expect(address.host).toBe(new URL(bed.url()).host);
  const file = await merchant.get(address.pathname + address.search);
  expect(file.headers['content-type']).not.toContain('json');
  expect(file.headers).not.toHaveProperty('wechatpay-signature');
  expect(createHash('sha1').update(file.body).digest('hex')).toBe(bill.json['hash_value']);
  const parsed = parseBill(file.body.toString());
  expect(parsed.summary).toMatchObject({ count: 2, totalFen: 8800, refundFen: 3000 });
});

test('close answers 204 with a content type and a signature over nothing, and may be repeated', async () => {
  const { merchant } = bed;
  await merchant.post(jsapi, bed.order('T-close-1'));
  for (let time = 0; time < 2; time += 1) {
    const closed = await merchant.post('/v3/pay/transactions/out-trade-no/T-close-1/close', { mchid: merchant.mchid });
    expect(closed).toMatchObject({ status: 204, signature: 'ok', headers: { 'content-type': 'application/json' } });
  }
  expect((await merchant.get(byNumber('T-close-1'))).json).toMatchObject({ trade_state: 'CLOSED' });
  expect(await bed.pay({ outTradeNo: 'T-close-1' })).toMatchObject({ error: 'conflict', message: '订单已关闭' });
  expect(await merchant.post(jsapi, bed.order('T-close-1'))).toMatchObject({
    status: 400,
    json: { code: 'ORDER_CLOSED' },
  });
});

test('what is not signed rightly, lately, for the first time and by this merchant is refused', async () => {
  const { merchant } = bed;
  const path = byNumber('T-none-1');
  const refused = async (asking: object, method: 'get' | 'post' = 'get') => {
    const answer = await (method === 'get'
      ? merchant.get(path, asking)
      : merchant.post(jsapi, bed.order('T-none-1'), asking));
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

test('refunds: the same number once, never more than was paid, at most fifty, within a year', async () => {
  const { merchant } = bed;
  const sim = bed.control();
  await sim.post('/_sim/pay/settings', { refundDelayMs: null });
  await paidOrder('T-refund-1');
  const ask = async (outRefundNo: string, fen: number, total = 8800) => {
    const { status, json } = await merchant.post(refunds, refundOf('T-refund-1', outRefundNo, fen, total));
    return { status, code: json['code'], id: json['refund_id'], state: json['status'] };
  };
  const first = await ask('R1', 3000);
  expect(await ask('R1', 3000)).toEqual(first);
  expect(await ask('R1', 2000)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  expect(await ask('R2', 3000, 9900)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  expect(await ask('R2', 5801)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  expect(await ask('R2', 5800)).toMatchObject({ status: 200, state: 'PROCESSING' });
  expect(await ask('R3', 1)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  await sim.post('/_sim/pay/refunds/R2', { outcome: 'closed' });
  expect(await ask('R3', 5800)).toMatchObject({ status: 200 });
  await sim.post('/_sim/pay/refunds/R1', { outcome: 'success' });
  expect(await sim.post('/_sim/pay/refunds/R1', { outcome: 'abnormal' })).toMatchObject({ error: 'conflict' });
  expect(await merchant.post(refunds, refundOf('T-none-1', 'R9', 1))).toMatchObject({
    status: 404,
    json: { code: 'RESOURCE_NOT_EXISTS' },
  });
  expect(await merchant.get(`${refunds}/R9`)).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } });

  await paidOrder('T-refund-2', 100);
  for (let index = 0; index < 50; index += 1)
    expect((await merchant.post(refunds, refundOf('T-refund-2', `S${index}`, 1, 100))).status).toBe(200);
  expect((await merchant.post(refunds, refundOf('T-refund-2', 'S50', 1, 100))).json).toMatchObject({
    code: 'INVALID_REQUEST',
  });

  await paidOrder('T-refund-3');
  await sim.shiftClock(366 * day);
  expect((await merchant.post(refunds, refundOf('T-refund-3', 'Q1', 1))).json).toMatchObject({
    code: 'INVALID_REQUEST',
  });
});

test('a refund for which the merchant has no money is refused, and taken under the same number when there is', async () => {
  const { merchant } = bed;
  await paidOrder('T-poor-1');
  await bed.control().post('/_sim/pay/settings', { balanceFen: 2999 });
  expect(await merchant.post(refunds, refundOf('T-poor-1', 'R1', 3000))).toMatchObject({
    status: 403,
    json: { code: 'NOT_ENOUGH' },
  });
  await bed.control().post('/_sim/pay/settings', { balanceFen: 3000 });
  expect(await merchant.post(refunds, refundOf('T-poor-1', 'R1', 3000))).toMatchObject({ status: 200 });
});

test('an abnormal refund is noticed as such and may still succeed', async () => {
  const { merchant } = bed;
  await bed.control().post('/_sim/pay/settings', { refundOutcome: 'abnormal' });
  await paidOrder('T-abnormal-1');
  const { json } = await merchant.post(refunds, refundOf('T-abnormal-1', 'R1', 8800));
  const [, notice] = await bed.receiver.first(2);
  expect(opened(notice!)).toMatchObject({ notification: { eventType: 'REFUND.ABNORMAL' } });
  const again = await merchant.post(`${refunds}/${String(json['refund_id'])}/apply-abnormal-refund`, {
    out_refund_no: 'R1',
    type: 'MERCHANT_BANK_CARD',
  });
  expect(again).toMatchObject({ status: 200, signature: 'ok' });
  const [, , done] = await bed.receiver.first(3);
  expect(opened(done!)).toMatchObject({ notification: { eventType: 'REFUND.SUCCESS' } });
});

test('bills: not before ten the next day, none of a day without trade, gone after thirty seconds', async () => {
  const { merchant } = bed;
  const sim = bed.control();
  const bill = (query: string) => merchant.get(`/v3/bill/tradebill?${query}`);
  await paidOrder('T-bill-1');
  const date = today();
  expect(await bill(`bill_date=${date}`)).toMatchObject({ status: 400, json: { code: 'STATEMENT_CREATING' } });
  const tenNextDay = Date.parse(`${date}T10:00:00+08:00`) + day;
  await sim.shiftClock(tenNextDay - Date.now() - minute);
  expect(await bill(`bill_date=${date}`)).toMatchObject({ json: { code: 'STATEMENT_CREATING' } });
  await sim.shiftClock(tenNextDay - Date.now() + minute);
  const packed = await bill(`bill_date=${date}&tar_type=GZIP`);
  expect(packed).toMatchObject({ status: 200, signature: 'ok' });
  expect(await bill('bill_date=2026-01-02')).toMatchObject({ status: 400, json: { code: 'NO_STATEMENT_EXIST' } });
  expect(await bill('bill_date=2026-02-30')).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
  expect(await bill(`bill_date=${date}&bill_type=REFUND`)).toMatchObject({ json: { code: 'NO_STATEMENT_EXIST' } });
  const flow = await merchant.get(`/v3/bill/fundflowbill?bill_date=${date}`);
  expect(flow).toMatchObject({ status: 200, signature: 'ok' });

  const address = new URL(String(packed.json['download_url']));
  const file = await merchant.get(address.pathname + address.search);
  expect(createHash('sha1').update(gunzipSync(file.body)).digest('hex')).toBe(packed.json['hash_value']);
  const unsigned = await request(address, { headers: { accept: '*/*', 'user-agent': 'x' } });
  expect(unsigned.statusCode).toBe(401);
  await unsigned.body.dump();
  await sim.shiftClock(tenNextDay - Date.now() + 2 * minute);
  expect(await merchant.get(address.pathname + address.search)).toMatchObject({
    status: 400,
    json: { code: 'INVALID_REQUEST' },
  });
});

test('answers are signed with the key that is asked for, and a new certificate is published before it signs', async () => {
  const { merchant } = bed;
  const sim = bed.control();
  const serialOf = async (serial: string) => {
    const answer = await merchant.get(byNumber('T-none-1'), { serial });
    return [answer.signature, answer.headers['wechatpay-serial']];
  };
  const [first = ''] = await merchant.learnCertificates();
  expect(await serialOf(merchant.publicKeyId)).toEqual(['ok', merchant.publicKeyId]);
  expect(await serialOf(first)).toEqual(['ok', first]);
  expect(await serialOf('')).toEqual(['ok', first]);
  const { serialNo: second } = (await sim.post('/_sim/pay/keys/publish')) as { serialNo: string };
  expect(await serialOf('')).toEqual(['ok', first]);
  expect(await merchant.learnCertificates()).toEqual([first, second]);
  await sim.post('/_sim/pay/keys/switch');
  expect(await serialOf('')).toEqual(['ok', second]);
  expect((await sim.delete(`/_sim/pay/keys/${second}`)).status).toBe(409);
  expect((await sim.delete(`/_sim/pay/keys/${first}`)).status).toBe(204);
  expect(await merchant.learnCertificates()).toEqual([second]);
});

test('faults of answers: errors before and after the effect, nothing, no signature, a wrong one, a probe’s', async () => {
  const { merchant } = bed;
  const path = jsapi;
  const once = (fault: Record<string, unknown>) =>
    bed.fault({ on: 'pay', times: 1, path: '/v3/pay/transactions/*', ...fault });
  const orders = async () => (await bed.control().get('/_sim/pay/orders'))['total'];

  await once({ kind: 'error', code: 'SYSTEM_ERROR' });
  expect(await merchant.post(path, bed.order('T-fault-1'))).toMatchObject({
    status: 500,
    signature: 'ok',
    json: { code: 'SYSTEM_ERROR', message: expect.any(String) },
  });
  await once({ kind: 'error', code: 'FREQUENCY_LIMITED' });
  expect(await merchant.post(path, bed.order('T-fault-1'))).toMatchObject({ status: 429 });
  expect(await orders()).toBe(0);
  await once({ kind: 'error', code: 'SYSTEM_ERROR', when: 'after' });
  expect(await merchant.post(path, bed.order('T-fault-1'))).toMatchObject({ status: 500 });
  expect(await orders()).toBe(1);
  await once({ kind: 'lost' });
  await expect(merchant.post(path, bed.order('T-fault-2'))).rejects.toThrow('other side closed');
  expect(await orders()).toBe(1);
  await once({ kind: 'lost', when: 'after' });
  await expect(merchant.post(path, bed.order('T-fault-2'))).rejects.toThrow('other side closed');
  expect(await orders()).toBe(2);
  for (const [kind, signature] of [
    ['unsigned', 'missing_header'],
    ['bad-signature', 'signature_mismatch'],
    ['signtest', 'signtest_probe'],
  ]) {
    await once({ kind });
    expect(await merchant.post(path, bed.order('T-fault-3'))).toMatchObject({ status: 200, signature });
  }
  await once({ kind: 'http', status: 502 });
  expect(await merchant.post(path, bed.order('T-fault-4'))).toMatchObject({ status: 502, json: {} });
  expect(await bed.fault({ on: 'pay', kind: 'tampered' })).toMatchObject({ error: 'invalid' });
});
