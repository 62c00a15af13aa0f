import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import {
  billColumns,
  parseMessage,
  plainMessage,
  signedMessage,
  verifyParameters,
  writeBill,
  type ParametersToSend,
} from '@lingquan/wechat-pay';
import { certificateFor } from '@lingquan/merchant/test/merchant-folder.ts';
import { connect, order, refundOrder, stopAll } from './connect.ts';
import { apiV2Key, appid, keys, mchid, merchantCertificate, merchantFrom, v2Platform } from './platform.ts';

afterEach(stopAll);

const v2 = { merchant: merchantFrom({ WECHAT_PAY_API: 'v2' }) };
const answer = (more: ParametersToSend) =>
  signedMessage(
    { return_code: 'SUCCESS', result_code: 'SUCCESS', appid, mch_id: mchid, nonce_str: 'n', ...more },
    apiV2Key,
    'HMAC-SHA256',
  );
const refused = (err_code: string) => answer({ result_code: 'FAIL', err_code, err_code_des: 'x' });
const failure = (kind: string, code: string) => expect.objectContaining({ failure: kind, code });
const ok = (value: unknown) => ({ kind: 'ok', value });

/** Answers in the order given, the last one again and again. */
const inTurn = (...answers: (string | Buffer)[]) => {
  let count = 0;
  return () => answers[Math.min(count++, answers.length - 1)]!;
};

test('prepays and signs for the client with the same algorithm', async () => {
  const { seen, url } = await v2Platform(inTurn(answer({ prepay_id: 'wx1', trade_type: 'JSAPI' })));
  const { pay } = connect(url, v2);
  expect(await pay.prepay(order)).toEqual(ok({ prepayId: 'wx1' }));
  const sent = parseMessage(seen[0]!.body);
  expect(verifyParameters(sent, apiV2Key)).toEqual({ ok: true });
  expect(sent).toMatchObject({
    appid,
    mch_id: mchid,
    sign_type: 'HMAC-SHA256',
    body: '示例门店-拿铁',
    total_fee: '8800',
    time_expire: '20260101083000',
    trade_type: 'JSAPI',
  });
  expect(pay.clientParameters(appid, 'wx1', 1, 'n')).toMatchObject({ signType: 'HMAC-SHA256', timeStamp: '1' });
});

test.each([
  ['unsigned', plainMessage({ return_code: 'SUCCESS', result_code: 'SUCCESS', prepay_id: 'wx1' }), 'missing_sign'],
  ['changed on its way', answer({ prepay_id: 'wx1' }).replace('wx1', 'wx2'), 'signature_mismatch'],
  ['for another merchant', answer({ prepay_id: 'wx1', mch_id: '1' }), 'not_ours'],
  ['not XML', '{}', 'bad_body'],
  ['with a DTD', `<!DOCTYPE xml [<!ENTITY a "b">]>${answer({ prepay_id: 'wx1' })}`, 'bad_body'],
])('an answer that is %s leaves the outcome open', async (_, text, code) => {
  const { url } = await v2Platform(inTurn(text));
  expect(await connect(url, v2).pay.prepay(order)).toEqual(failure('uncertain', code));
});

test('SYSTEMERROR: the same again; a refusal stays one', async () => {
  const { seen, url } = await v2Platform(
    inTurn(refused('SYSTEMERROR'), answer({ prepay_id: 'wx1' }), refused('OUT_TRADE_NO_USED')),
  );
  const { pay } = connect(url, v2);
  expect(await pay.prepay(order)).toEqual(ok({ prepayId: 'wx1' }));
  const [first, second] = seen.map(({ body }) => parseMessage(body));
  const { nonce_str, sign, ...same } = first!;
  expect(second).toMatchObject(same);
  expect([second!['nonce_str'], second!['sign']]).not.toEqual([nonce_str, sign]);
  expect(await pay.prepay(order)).toMatchObject({ failure: 'refused', action: 'new_number' });
});

test('queries and closes', async () => {
  const paid = {
    out_trade_no: order.outTradeNo,
    trade_state: 'SUCCESS',
    total_fee: 8800,
    cash_fee: 8300,
    time_end: '20260101080005',
  };
  const { url } = await v2Platform(
    inTurn(
      answer({ ...paid, transaction_id: '42', openid: 'o1' }),
      answer({ ...paid, out_trade_no: 'T_OTHER' }),
      answer({ ...paid, out_trade_no: 'T_OTHER' }),
      answer({ ...paid, out_trade_no: 'T_OTHER' }),
      refused('ORDERNOTEXIST'),
      answer({}),
      refused('ORDERPAID'),
      refused('ORDERCLOSED'),
    ),
  );
  const { pay } = connect(url, v2);
  const query = () => pay.query(order.outTradeNo);
  expect(await query()).toMatchObject(ok({ tradeState: 'SUCCESS', payerTotalFen: 8300, successTimeMs: 1767225605000 }));
  expect(await query()).toEqual(failure('uncertain', 'another_order'));
  expect(await query()).toEqual(ok('unknown_order'));
  const close = () => pay.close(order.outTradeNo);
  expect([await close(), await close(), await close()]).toEqual([ok('closed'), ok('already_paid'), ok('closed')]);
});

test('unsigned, a refusal closes no order and fails no refund, whatever it says', async () => {
  const fail = (err_code: string) => plainMessage({ return_code: 'FAIL', return_msg: 'x', err_code });
  const gateway = '<html>400 No required SSL certificate was sent</html>';
  const { url } = await v2Platform(
    inTurn(
      fail('PARAM_ERROR'),
      fail('ORDERNOTEXIST'),
      fail('ORDERCLOSED'),
      fail('ERROR'),
      fail('REFUNDNOTEXIST'),
      gateway,
    ),
  );
  const { pay } = connect(url, { ...v2, v2TlsUrl: url, breaker: { callsMin: 100 } });
  expect([
    await pay.prepay(order),
    await pay.query(order.outTradeNo),
    await pay.close(order.outTradeNo),
    await pay.refund(refundOrder),
    await pay.queryRefund(refundOrder.outRefundNo, refundOrder.outTradeNo),
    await pay.refund(refundOrder),
  ]).toEqual([
    failure('uncertain', 'PARAM_ERROR'),
    failure('uncertain', 'ORDERNOTEXIST'),
    failure('uncertain', 'ORDERCLOSED'),
    failure('uncertain', 'ERROR'),
    failure('uncertain', 'REFUNDNOTEXIST'),
    failure('uncertain', 'bad_body'),
  ]);
});

const accepted = answer({
  out_trade_no: refundOrder.outTradeNo,
  out_refund_no: refundOrder.outRefundNo,
  refund_id: '503',
  transaction_id: '42',
  total_fee: 8800,
  refund_fee: 3000,
});

test('refunds over mutual TLS', async () => {
  const { seen, url } = await v2Platform(inTurn(accepted), merchantCertificate);
  const { pay } = connect('http://127.0.0.1:1', { ...v2, v2TlsUrl: url });
  expect(await pay.refund(refundOrder)).toMatchObject(ok({ status: 'PROCESSING', refundFen: 3000, mchid }));
  expect(seen[0]!.path).toBe('/secapi/pay/refund');
  expect(parseMessage(seen[0]!.body)).toMatchObject({ refund_fee: '3000', refund_desc: '顾客取消' });
});

test('a certificate the platform does not know gets no refund: nothing is read', async () => {
  const stranger = await certificateFor(keys.newer.key, { serialNumber: '77' });
  const { seen, url } = await v2Platform(inTurn(accepted), stranger);
  const { pay } = connect('http://127.0.0.1:1', { ...v2, v2TlsUrl: url });
  expect(await pay.refund(refundOrder)).toMatchObject({ kind: 'failed', failure: 'uncertain' });
  expect(seen).toEqual([]);
});

test('a server that is not the one of server.pem is told nothing', async () => {
  const merchant = merchantFrom({ WECHAT_PAY_API: 'v2' }, { more: { 'server.pem': merchantCertificate } });
  const { seen, url } = await v2Platform(inTurn(accepted), merchantCertificate);
  const { pay } = connect('http://127.0.0.1:1', { merchant, v2TlsUrl: url });
  expect(await pay.refund(refundOrder)).toMatchObject({ failure: 'not_sent' });
  expect(seen).toEqual([]);
});

test('asks about a refund among several', async () => {
  const { url } = await v2Platform(
    inTurn(
      answer({
        out_trade_no: refundOrder.outTradeNo,
        transaction_id: '42',
        total_fee: 8800,
        refund_count: 2,
        out_refund_no_0: 'R0',
        refund_fee_0: 100,
        refund_status_0: 'SUCCESS',
        out_refund_no_1: refundOrder.outRefundNo,
        refund_id_1: '503',
        refund_fee_1: 3000,
        refund_status_1: 'CHANGE',
        refund_recv_accout_1: '支付用户零钱',
      }),
      refused('REFUNDNOTEXIST'),
    ),
  );
  const { pay } = connect(url, v2);
  const query = () => pay.queryRefund(refundOrder.outRefundNo, refundOrder.outTradeNo);
  expect(await query()).toMatchObject(ok({ refundId: '503', status: 'ABNORMAL', refundFen: 3000, totalFen: 8800 }));
  expect(await query()).toEqual(ok('unknown_refund'));
});

test('bills, packed or not, none, or not yet', async () => {
  const text = writeBill(
    [Object.fromEntries(billColumns.map((name) => [name, name.endsWith('金额') ? '1.00' : '0']))],
    {
      总交易单数: '1',
    },
  );
  const fail = (return_msg: string) => plainMessage({ return_code: 'FAIL', return_msg, error_code: '20002' });
  const { seen, url } = await v2Platform(
    inTurn(gzipSync(text), text, fail('No Bill Exist'), fail('Bill Creating'), fail('invalid bill_type')),
  );
  const { pay } = connect(url, v2);
  const bill = () => pay.tradeBill('2026-01-01');
  expect(await bill()).toMatchObject(ok({ rows: [{ totalFen: 100 }] }));
  expect(parseMessage(seen[0]!.body)).toMatchObject({ bill_date: '20260101', bill_type: 'ALL' });
  expect(await bill()).toMatchObject(ok({ rows: [{ totalFen: 100 }] }));
  expect([await bill(), await bill()]).toEqual([ok('none'), ok('not_ready')]);
  expect(await bill()).toMatchObject({ failure: 'uncertain', code: '20002' });
});
