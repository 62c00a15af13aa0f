import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  type SignType,
  clientParametersV2,
  openPaymentNotice,
  openRefundNotice,
  parseBill,
  parseMessage,
  readRefundsV2,
  toRfc3339,
} from '@lingquan/wechat-pay';
import { type PayTestbed, payTestbed } from './pay-desk.ts';

let bed: PayTestbed;
beforeAll(async () => {
  bed = await payTestbed();
});
afterAll(() => bed.stop());
beforeEach(() => bed.start());
afterEach(() => bed.stopPlatform());

const codeOf = (answer: { kind: string; code?: string }) => answer.code ?? answer.kind;
const today = () => toRfc3339(Date.now()).slice(0, 10);

test.each<SignType>(['MD5', 'HMAC-SHA256'])(
  'signed with %s an order is made, paid, noticed, queried, refunded over mutual TLS, noticed and in the bill',
  async (signType) => {
    const { merchant, receiver } = bed;
    const call = (path: string, fields: Record<string, string | number>) => merchant.v2(path, fields, { signType });
    const made = await call('/pay/unifiedorder', bed.orderV2('T20260101000001'));
    expect(made).toMatchObject({
      kind: 'ok',
      fields: { trade_type: 'JSAPI', prepay_id: expect.stringMatching(/^wx/) },
    });
    const prepayId = made.kind === 'ok' ? (made.fields['prepay_id'] ?? '') : '';
    const sign = (type: SignType) =>
      clientParametersV2({ appid: merchant.appid, prepayId, timestamp: 1, nonce: 'n' }, merchant.apiV2Key, type);
    // another algorithm than the order's is not believed
    expect(await bed.pay({ payment: sign(signType === 'MD5' ? 'HMAC-SHA256' : 'MD5') })).toMatchObject({
      error: 'invalid',
    });
    expect(await bed.pay({ payment: sign(signType), couponFen: 100 })).toMatchObject({ order: { state: 'SUCCESS' } });

    const [paid] = await receiver.first(1);
    const notice = openPaymentNotice(merchant.apiV2Key, paid!.body);
    expect(notice).toMatchObject({
      ok: true,
      transaction: { outTradeNo: 'T20260101000001', totalFen: 8800, payerTotalFen: 8700, attach: '门店=07' },
    });
    expect(notice.ok && notice.fields['sign_type']).toBe(signType === 'MD5' ? undefined : signType);
    expect(await call('/pay/orderquery', { out_trade_no: 'T20260101000001' })).toMatchObject({
      kind: 'ok',
      fields: { trade_state: 'SUCCESS', total_fee: '8800', cash_fee: '8700', coupon_count: '1', coupon_fee_0: '100' },
    });

    const refund = {
      out_trade_no: 'T20260101000001',
      out_refund_no: 'R1',
      total_fee: 8800,
      refund_fee: 3000,
      op_user_id: merchant.mchid,
      notify_url: `${receiver.url}/v2/refund-notify`,
    };
    const base = await bed.tlsUrl();
    expect(await merchant.v2('/secapi/pay/refund', refund, { signType, base })).toMatchObject({
      kind: 'ok',
      fields: { refund_fee: '3000', refund_id: expect.stringMatching(/^\d+$/) },
    });
    const [, refunded] = await receiver.first(2);
    expect(openRefundNotice(merchant.apiV2Key, refunded!.body)).toMatchObject({
      ok: true,
      appid: merchant.appid,
      refund: { mchid: merchant.mchid, outRefundNo: 'R1', refundFen: 3000, status: 'SUCCESS' },
    });
    const queried = await call('/pay/refundquery', { out_trade_no: 'T20260101000001' });
    expect(queried).toMatchObject({ kind: 'ok', fields: { refund_count: '1', refund_status_0: 'SUCCESS' } });
    expect(queried.kind === 'ok' && readRefundsV2(queried.fields)).toMatchObject([
      { outRefundNo: 'R1', refundFen: 3000 },
    ]);

    // the same order through v3
    const path = `/v3/pay/transactions/out-trade-no/T20260101000001?mchid=${merchant.mchid}`;
    expect((await merchant.get(path)).json).toMatchObject({ trade_state: 'REFUND', amount: { total: 8800 } });

    await bed.control().post('/_sim/pay/bills', { date: today(), state: 'ready' });
    const date = today().replaceAll('-', '');
    const bill = await merchant.askV2('/pay/downloadbill', { bill_date: date, bill_type: 'ALL' }, { signType });
    expect(parseBill(bill.body.toString()).summary).toMatchObject({ count: 2, refundFen: 3000 });
    const flow = await merchant.askV2(
      '/pay/downloadfundflow',
      { bill_date: date, account_type: 'Basic' },
      { signType: 'HMAC-SHA256', base },
    );
    expect(flow.body.toString()).toContain('资金流水总笔数');
  },
);

test('a refund without the merchant’s certificate is not taken, on either port', async () => {
  const { merchant } = bed;
  const plain = await merchant.askV2('/secapi/pay/refund', { out_trade_no: 'T-1' });
  expect(plain.status).toBe(400);
  const naked = fetch(`${await bed.tlsUrl()}/secapi/pay/refund`, { method: 'POST', body: '<xml/>' });
  await expect(naked).rejects.toThrow('fetch failed');
});

test('errors: of the message without a signature, of the business with one', async () => {
  const { merchant } = bed;
  const order = bed.orderV2('T-error-1');
  const path = '/pay/unifiedorder';
  const raw = async (text: string) => parseMessage((await merchant.askV2(path, {}, { raw: text })).body);
  expect(await raw('')).toMatchObject({ return_code: 'FAIL', err_code: 'POST_DATA_EMPTY' });
  expect(await raw('<xml><a>1</b></xml>')).toMatchObject({ return_code: 'FAIL', err_code: 'XML_FORMAT_ERROR' });
  expect(await raw('<!DOCTYPE x><xml><a>1</a></xml>')).toMatchObject({ err_code: 'XML_FORMAT_ERROR' });
  expect(await raw('<xml><appid>a</appid></xml>')).toMatchObject({ err_code: 'LACK_PARAMS' });
  const wrongly = `<xml><appid>${merchant.appid}</appid><mch_id>${merchant.mchid}</mch_id><nonce_str>n</nonce_str><sign>${'0'.repeat(32)}</sign></xml>`;
  expect(await raw(wrongly)).toMatchObject({ return_code: 'FAIL', return_msg: '签名错误', err_code: 'SIGNERROR' });
  expect(codeOf(await merchant.v2(path, { ...order, openid: '' }))).toBe('LACK_PARAMS');
  expect(codeOf(await merchant.v2(path, { ...order, openid: 'oNobody' }))).toBe('PARAM_ERROR');
  expect(codeOf(await merchant.v2(path, { ...order, total_fee: '88.00' }))).toBe('PARAM_ERROR');
  expect(codeOf(await merchant.v2(path, { ...order, trade_type: 'NATIVE' }))).toBe('LACK_PARAMS');
  expect(codeOf(await merchant.v2('/pay/orderquery', { out_trade_no: 'T-error-1' }))).toBe('ORDERNOTEXIST');
  expect(codeOf(await merchant.v2('/pay/refundquery', { out_trade_no: 'T-error-1' }))).toBe('REFUNDNOTEXIST');
  expect(codeOf(await merchant.v2('/pay/closeorder', { out_trade_no: 'T-error-1' }))).toBe('ORDERNOTEXIST');
});

test('a number is used once: the same again, other parameters, paid, closed', async () => {
  const { merchant } = bed;
  const ask = async (more: Record<string, string> = {}) =>
    codeOf(await merchant.v2('/pay/unifiedorder', bed.orderV2('T-again-1', more)));
  const close = async () => codeOf(await merchant.v2('/pay/closeorder', { out_trade_no: 'T-again-1' }));
  expect(await ask()).toBe('ok');
  expect(await ask()).toBe('ok');
  expect(await ask({ total_fee: '1' })).toBe('OUT_TRADE_NO_USED');
  await bed.pay({ outTradeNo: 'T-again-1' });
  expect(await ask()).toBe('ORDERPAID');
  expect(await close()).toBe('ORDERPAID');
  await merchant.v2('/pay/unifiedorder', bed.orderV2('T-again-2'));
  expect(codeOf(await merchant.v2('/pay/closeorder', { out_trade_no: 'T-again-2' }))).toBe('ok');
  expect(codeOf(await merchant.v2('/pay/closeorder', { out_trade_no: 'T-again-2' }))).toBe('ORDERCLOSED');
  expect(codeOf(await merchant.v2('/pay/unifiedorder', bed.orderV2('T-again-2')))).toBe('ORDERCLOSED');
});

test('bills of v2 say in XML why there is none', async () => {
  const { merchant } = bed;
  const bill = async (fields: Record<string, string>) =>
    parseMessage((await merchant.askV2('/pay/downloadbill', fields)).body);
  expect(await bill({ bill_date: '20260101' })).toMatchObject({ return_code: 'FAIL', return_msg: 'No Bill Exist' });
  expect(await bill({ bill_date: today().replaceAll('-', '') })).toMatchObject({ return_msg: 'Bill Creating' });
  expect(await bill({ bill_date: 'x' })).toMatchObject({ return_msg: 'data format error', error_code: '20001' });
  expect(await bill({ bill_date: '20260101', bill_type: 'X' })).toMatchObject({ return_msg: 'invalid bill_type' });
});

test('faults of answers are signed the way the request was, in v2’s spelling', async () => {
  const { merchant } = bed;
  await bed.fault({ on: 'pay', kind: 'error', code: 'SYSTEM_ERROR', times: 1 });
  const query = { out_trade_no: 'T-fault-1' };
  expect(codeOf(await merchant.v2('/pay/orderquery', query, { signType: 'HMAC-SHA256' }))).toBe('SYSTEMERROR');
  await bed.fault({ on: 'pay', kind: 'error', code: 'BIZERR_NEED_RETRY', times: 1 });
  expect(codeOf(await merchant.v2('/pay/orderquery', query))).toBe('BIZERR_NEED_RETRY');
  for (const kind of ['unsigned', 'bad-signature', 'not-json']) {
    await bed.fault({ on: 'pay', kind, times: 1 });
    expect(await merchant.v2('/pay/orderquery', query)).toMatchObject({ kind: 'untrusted' });
  }
});
