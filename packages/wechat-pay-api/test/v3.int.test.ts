import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { billColumns, clientMessage, matchesRsa, signtestPrefix, writeBill } from '@lingquan/wechat-pay';
import { createPublicKey } from 'node:crypto';
import { connect, order, refundOrder, stopAll } from './connect.ts';
import {
  appid,
  apiV2Key,
  apiV3Key,
  certificates,
  keys,
  mchid,
  merchantFrom,
  newerCertificate,
  olderCertificate,
  refusal,
  reset,
  signed,
  signers,
  silent,
  unsigned,
  v3Platform,
  type Answer,
} from './platform.ts';

afterEach(stopAll);

const jsapi = '/v3/pay/transactions/jsapi';
const orderPath = `/v3/pay/transactions/out-trade-no/${order.outTradeNo}`;
const refunds = '/v3/refund/domestic/refunds';
const prepaid = signed(200, { prepay_id: 'wx1' });
const failure = (kind: string, code: string) => expect.objectContaining({ kind: 'failed', failure: kind, code });
const ok = (value: unknown) => ({ kind: 'ok', value });

test('prepays with a signed request, and signs for the client', async () => {
  const { seen, url } = await v3Platform({ [jsapi]: [prepaid] });
  const { pay } = connect(url);
  expect(await pay.prepay(order)).toEqual(ok({ prepayId: 'wx1' }));
  expect(JSON.parse(seen[0]!.body)).toEqual({
    appid,
    mchid,
    description: '示例门店-拿铁',
    out_trade_no: order.outTradeNo,
    time_expire: '2026-01-01T08:30:00+08:00',
    notify_url: order.notifyUrl,
    amount: { total: 8800, currency: 'CNY' },
    payer: { openid: order.openid },
  });
  const parameters = pay.clientParameters(appid, 'wx1', 1767225600, 'n1');
  const message = clientMessage({ appid, timestamp: 1767225600, nonce: 'n1' }, 'prepay_id=wx1');
  expect(matchesRsa(createPublicKey(keys.merchant.publicPem), parameters.paySign, message)).toBe(true);
  expect(parameters).toMatchObject({ timeStamp: '1767225600', signType: 'RSA', package: 'prepay_id=wx1' });
});

test('after a 500 the very same is sent again, newly signed', async () => {
  const { seen, url } = await v3Platform({ [jsapi]: [refusal(500, 'SYSTEM_ERROR'), unsigned(502, '<html>'), prepaid] });
  const { pay, metrics } = connect(url);
  expect(await pay.prepay(order)).toEqual(ok({ prepayId: 'wx1' }));
  expect(new Set(seen.map(({ body }) => body)).size).toBe(1);
  expect(new Set(seen.map(({ nonce }) => nonce)).size).toBe(3);
  expect(await metrics.metrics()).toContain('lingquan_wechat_pay_retries_total{call="prepay"} 2');
});

const tampered: Answer = (request, response) => {
  const end = response.end.bind(response);
  response.end = ((text: string) => end(text.replace('wx1', 'wx2'))) as typeof response.end;
  return prepaid(request, response);
};
const probe: Answer = (request, response) => {
  const { privateKey, serial } = signers.publicMode;
  const write = response.writeHead.bind(response) as (
    status: number,
    headers: Record<string, string>,
  ) => typeof response;
  response.writeHead = ((status: number, headers: Record<string, string>) =>
    write(status, {
      ...headers,
      'Wechatpay-Signature': `${signtestPrefix}${headers['Wechatpay-Signature']}`,
    })) as typeof response.writeHead;
  return signed(200, { prepay_id: 'wx1' }, { privateKey, serial })(request, response);
};

test.each([
  ['without a signature', unsigned(200, { prepay_id: 'wx1' }), 'missing_header'],
  ['changed on its way', tampered, 'signature_mismatch'],
  ['signed as a probe', probe, 'signtest_probe'],
  ['signed by a stranger', signed(200, { prepay_id: 'wx1' }, signers.older), 'unknown_serial'],
  ['without what it is for', signed(200, {}), 'unexpected_answer'],
  ['that is not JSON', signed(200, 'fine'), 'bad_body'],
  ['that does not come', silent, 'timeout'],
  ['that breaks off', reset, 'UND_ERR_SOCKET'],
])('an answer %s leaves the outcome open', async (_, answer, code) => {
  const { url } = await v3Platform({ [jsapi]: [answer], '/v3/certificates': [refusal(404, 'RESOURCE_NOT_EXISTS')] });
  const { pay } = connect(url, answer === silent ? { timeoutMs: 300 } : {});
  const outcome = await pay.prepay(order);
  expect(outcome).toMatchObject({ failure: 'uncertain' });
  // A connection that breaks shows in more than one way.
  expect([code, ...(answer === reset ? ['ECONNRESET'] : [])]).toContain((outcome as { code: string }).code);
});

test('the genuine answer after a probe is believed', async () => {
  const { url } = await v3Platform({ [jsapi]: [probe, prepaid] });
  expect(await connect(url).pay.prepay(order)).toEqual(ok({ prepayId: 'wx1' }));
});

test('a platform that cannot be reached was not asked; the second entry takes over', async () => {
  const nowhere = 'http://127.0.0.1:1';
  const alone = await connect(nowhere).pay.refund(refundOrder);
  expect(alone).toEqual(failure('not_sent', 'ECONNREFUSED'));
  const { seen, url } = await v3Platform({ [jsapi]: [prepaid] });
  const { pay } = connect(nowhere, { secondBaseUrl: url });
  expect(await pay.prepay(order)).toEqual(ok({ prepayId: 'wx1' }));
  expect(await pay.prepay(order)).toEqual(ok({ prepayId: 'wx1' }));
  expect(seen).toHaveLength(2);
});

test('what was left open stays open when the next try does not even leave', async () => {
  const { url } = await v3Platform({ [refunds]: [reset] });
  const { pay } = connect(url, { secondBaseUrl: 'http://127.0.0.1:1' });
  expect(await pay.refund(refundOrder)).toMatchObject({ failure: 'uncertain' });
});

test('too many requests: a query waits, an order is for the caller to repeat, a refund is open', async () => {
  const busy = refusal(429, 'RATELIMIT_EXCEEDED');
  const found = signed(200, {
    appid,
    mchid,
    out_trade_no: order.outTradeNo,
    trade_state: 'NOTPAY',
    amount: { total: 1 },
  });
  const { seen, url } = await v3Platform({ [orderPath]: [busy, found], [jsapi]: [busy], [refunds]: [busy] });
  const { pay } = connect(url);
  expect(await pay.query(order.outTradeNo)).toMatchObject({ kind: 'ok', value: { tradeState: 'NOTPAY' } });
  expect(await pay.prepay(order)).toEqual(failure('not_sent', 'RATELIMIT_EXCEEDED'));
  expect(await pay.refund(refundOrder)).toEqual(failure('uncertain', 'RATELIMIT_EXCEEDED'));
  expect(seen.map(({ path }) => path.split('?')[0])).toEqual([orderPath, orderPath, jsapi, refunds]);
});

test('a query answers about our order or is not believed', async () => {
  const told = (more: object) => signed(200, { appid, mchid, out_trade_no: order.outTradeNo, ...more });
  const paid = {
    transaction_id: '42',
    trade_state: 'SUCCESS',
    trade_type: 'JSAPI',
    success_time: '2026-01-01T08:00:20+08:00',
    payer: { openid: 'o1' },
    amount: { total: 8800, payer_total: 8300, currency: 'CNY' },
  };
  const { seen, url } = await v3Platform({
    [orderPath]: [
      told(paid),
      told({ ...paid, out_trade_no: 'T_OTHER' }),
      refusal(404, 'ORDERNOTEXIST'),
      unsigned(404, '<html>'),
    ],
  });
  const { pay } = connect(url);
  expect(await pay.query(order.outTradeNo)).toMatchObject(
    ok({ transactionId: '42', totalFen: 8800, payerTotalFen: 8300, successTimeMs: 1767225620000 }),
  );
  expect(seen[0]!.path).toBe(`${orderPath}?mchid=${mchid}`);
  expect(await pay.query(order.outTradeNo)).toEqual(failure('uncertain', 'unexpected_answer'));
  expect(await pay.query(order.outTradeNo)).toEqual(ok('unknown_order'));
  expect(await pay.query(order.outTradeNo)).toEqual(failure('uncertain', 'HTTP_404'));
});

test('closing: done, done before, paid, unknown, or anything else for a query to tell', async () => {
  const { seen, url } = await v3Platform({
    [`${orderPath}/close`]: [
      signed(204, undefined),
      refusal(400, 'ORDER_CLOSED'),
      refusal(400, 'ORDERPAID'),
      refusal(404, 'ORDER_NOT_EXIST'),
      refusal(403, 'TRADE_ERROR'),
    ],
  });
  const { pay } = connect(url);
  const close = () => pay.close(order.outTradeNo);
  expect(await close()).toEqual(ok('closed'));
  expect(JSON.parse(seen[0]!.body)).toEqual({ mchid });
  expect(await close()).toEqual(ok('closed'));
  expect(await close()).toEqual(ok('already_paid'));
  expect(await close()).toEqual(ok('unknown_order'));
  expect(await close()).toMatchObject({ failure: 'refused', code: 'TRADE_ERROR', action: 'query' });
});

test('unsigned, a refusal closes no order and fails no refund, whatever it says', async () => {
  const said = (status: number, code: string): [Answer] => [unsigned(status, { code, message: code })];
  const { url } = await v3Platform({
    [jsapi]: said(400, 'PARAM_ERROR'),
    [orderPath]: said(404, 'ORDER_NOT_EXIST'),
    [`${orderPath}/close`]: said(400, 'ORDER_CLOSED'),
    [refunds]: said(400, 'INVALID_REQUEST'),
    [`${refunds}/${refundOrder.outRefundNo}`]: said(404, 'RESOURCE_NOT_EXISTS'),
    '/v3/bill/tradebill': said(400, 'NO_STATEMENT_EXIST'),
  });
  const { pay } = connect(url, { breaker: { callsMin: 100 } });
  expect([
    await pay.prepay(order),
    await pay.query(order.outTradeNo),
    await pay.close(order.outTradeNo),
    await pay.refund(refundOrder),
    await pay.queryRefund(refundOrder.outRefundNo, refundOrder.outTradeNo),
    await pay.tradeBill('2026-01-01'),
  ]).toEqual([
    failure('uncertain', 'PARAM_ERROR'),
    failure('uncertain', 'ORDER_NOT_EXIST'),
    failure('uncertain', 'ORDER_CLOSED'),
    failure('uncertain', 'INVALID_REQUEST'),
    failure('uncertain', 'RESOURCE_NOT_EXISTS'),
    failure('uncertain', 'NO_STATEMENT_EXIST'),
  ]);
});

test('what the platform says of a wrong signature of ours is not signed: it is told, and decides nothing', async () => {
  const { url } = await v3Platform({ [jsapi]: [unsigned(401, { code: 'SIGN_ERROR', message: '签名错误' })] });
  const { pay, logged } = connect(url);
  expect(await pay.prepay(order)).toMatchObject({ failure: 'uncertain', code: 'SIGN_ERROR', action: 'fail_fix' });
  expect(JSON.parse(logged())).toMatchObject({ level: 40, code: 'SIGN_ERROR', action: 'fail_fix' });
});

test('refunds and asks about them', async () => {
  const refund = {
    refund_id: '503',
    out_refund_no: refundOrder.outRefundNo,
    out_trade_no: refundOrder.outTradeNo,
    transaction_id: '42',
    status: 'PROCESSING',
    amount: { total: 8800, refund: 3000, payer_total: 8800, payer_refund: 3000, currency: 'CNY' },
  };
  const { seen, url } = await v3Platform({
    [refunds]: [signed(200, refund), refusal(403, 'NOT_ENOUGH')],
    [`${refunds}/${refundOrder.outRefundNo}`]: [
      signed(200, { ...refund, status: 'SUCCESS', success_time: '2026-01-01T09:00:00.123Z' }),
      refusal(404, 'RESOURCE_NOT_EXISTS'),
    ],
  });
  const { pay } = connect(url);
  expect(await pay.refund(refundOrder)).toMatchObject(
    ok({ refundId: '503', status: 'PROCESSING', refundFen: 3000, mchid }),
  );
  expect(JSON.parse(seen[0]!.body)).toMatchObject({ reason: '顾客取消', amount: { refund: 3000, total: 8800 } });
  expect(await pay.refund(refundOrder)).toMatchObject({ failure: 'refused', action: 'wait_then_retry_same_params' });
  const query = () => pay.queryRefund(refundOrder.outRefundNo, refundOrder.outTradeNo);
  expect(await query()).toMatchObject(ok({ status: 'SUCCESS', successTimeMs: Date.parse('2026-01-01T09:00:00.123Z') }));
  expect(await query()).toEqual(ok('unknown_refund'));
});

const billText = writeBill(
  [
    Object.fromEntries(
      billColumns.map((name) => [name, name.endsWith('金额') ? '88.00' : name === '微信退款单号' ? '0' : 'x']),
    ),
  ],
  { 总交易单数: '1', 订单总金额: '88.00', 退款总金额: '0.00' },
);
const sha1 = createHash('sha1').update(billText).digest('hex');

test('a bill: the link, the file of the same host, its hash, its rows', async () => {
  const link = (hash: string, token: string) =>
    signed(200, {
      hash_type: 'SHA1',
      hash_value: hash,
      download_url: `https://elsewhere.test/v3/billdownload/file?token=${token}&tartype=gzip`,
    });
  const { seen, url } = await v3Platform({
    '/v3/bill/tradebill': [
      link(sha1, 'old|1'),
      link(sha1, 'new'),
      link('0'.repeat(40), 'bad'),
      link('0'.repeat(40), 'bad'),
      link('0'.repeat(40), 'bad'),
      refusal(400, 'NO_STATEMENT_EXIST'),
      refusal(400, 'STATEMENT_CREATING'),
    ],
    '/v3/billdownload/file': [refusal(400, 'INVALID_REQUEST'), unsigned(200, gzipSync(billText))],
  });
  const { pay } = connect(url);
  expect(await pay.tradeBill('2026-01-01')).toMatchObject(ok({ rows: [{ kind: 'pay', totalFen: 8800 }] }));
  expect(seen[0]!.path).toBe('/v3/bill/tradebill?bill_date=2026-01-01&bill_type=ALL&tar_type=GZIP');
  expect(seen[1]!.path).toBe('/v3/billdownload/file?token=old|1&tartype=gzip');
  expect(await pay.tradeBill('2026-01-01')).toEqual(failure('uncertain', 'hash_mismatch'));
  expect(await pay.tradeBill('2026-01-01')).toEqual(ok('none'));
  expect(await pay.tradeBill('2026-01-01')).toEqual(ok('not_ready'));
});

const certificateMode = () => merchantFrom({}, { without: ['pub_key.pem', 'pub_key_id.txt'] });

test('certificate mode: downloaded at the start, a new one found when an answer names it', async () => {
  const { seen, url } = await v3Platform({
    '/v3/certificates': [
      certificates([olderCertificate], signers.older),
      certificates([olderCertificate, newerCertificate], signers.newer),
    ],
    [jsapi]: [signed(200, { prepay_id: 'wx1' }, signers.older), signed(200, { prepay_id: 'wx2' }, signers.newer)],
  });
  let aheadMs = 0;
  const { pay } = connect(url, { merchant: certificateMode(), now: () => Date.now() + aheadMs });
  await pay.start();
  expect(await pay.prepay(order)).toEqual(ok({ prepayId: 'wx1' }));
  expect(await pay.prepay(order)).toEqual(failure('uncertain', 'unknown_serial'));
  expect(seen.filter(({ path }) => path === '/v3/certificates')).toHaveLength(1);
  aheadMs = 200_000; // within the five minutes a signature is good for
  expect(await pay.prepay(order)).toEqual(ok({ prepayId: 'wx2' }));
  expect(pay.platformCertificates().map(({ serialNo }) => serialNo)).toEqual(['0AAAAAAA', '3BBBBBBB']);
});

test('public-key mode: that there are no certificates is fine', async () => {
  const { url } = await v3Platform({
    '/v3/certificates': [refusal(404, 'RESOURCE_NOT_EXISTS')],
    [jsapi]: [prepaid],
  });
  const { pay, logged } = connect(url);
  await pay.start();
  expect(pay.platformCertificates()).toEqual([]);
  expect(await pay.prepay(order)).toEqual(ok({ prepayId: 'wx1' }));
  expect(logged()).toBe('');
});

test('both modes at once, whichever signs', async () => {
  const { url } = await v3Platform({
    '/v3/certificates': [certificates([olderCertificate], signers.publicMode)],
    [jsapi]: [prepaid, signed(200, { prepay_id: 'wx2' }, signers.older)],
  });
  const { pay } = connect(url);
  await pay.start();
  expect([await pay.prepay(order), await pay.prepay(order)]).toEqual([
    ok({ prepayId: 'wx1' }),
    ok({ prepayId: 'wx2' }),
  ]);
});

test('certificates sealed or signed by somebody else are not taken', async () => {
  const { url } = await v3Platform({
    '/v3/certificates': [certificates([olderCertificate], signers.newer)],
  });
  const { pay } = connect(url, { merchant: certificateMode() });
  await pay.start();
  expect(pay.platformCertificates()).toEqual([]);
});

test('while a family fails it is not called, and others are', async () => {
  const { seen, url } = await v3Platform({ [jsapi]: [reset], [`${orderPath}/close`]: [signed(204, undefined)] });
  const { pay } = connect(url, { breaker: { callsMin: 2, resetMs: 60_000 }, retry: { attemptsMax: 1 } });
  await pay.prepay(order);
  await pay.prepay(order);
  const before = seen.length;
  expect(await pay.prepay(order)).toEqual(failure('not_sent', 'breaker_open'));
  expect(seen).toHaveLength(before);
  expect(await pay.close(order.outTradeNo)).toEqual(ok('closed'));
});

test('what is logged holds no secret and no openid', async () => {
  const { url } = await v3Platform({
    [jsapi]: [refusal(400, 'PARAM_ERROR', `openid ${order.openid} is wrong`), reset],
  });
  const { pay, logged } = connect(url);
  await pay.prepay(order);
  await pay.prepay(order);
  expect(logged()).toContain('PARAM_ERROR');
  for (const secret of [order.openid, apiV3Key, apiV2Key, 'PRIVATE KEY', 'WECHATPAY2'])
    expect(logged()).not.toContain(secret);
});
