import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { accounts, client, startPlatform } from './platform.ts';
import { type PayTestbed, payTestbed } from './pay-desk.ts';

let bed: PayTestbed;
beforeAll(async () => {
  bed = await payTestbed();
});
afterAll(() => bed.stop());
afterEach(() => bed.stopPlatform());

test('orders and refunds outlive the platform, and refunds under way go on', async () => {
  const { merchant } = bed;
  const { merchantDir, platformDir } = bed.files;
  const pay = { merchantDir, platformDir, tlsPort: 0, keepBook: true };
  await bed.start({ pay });
  await bed.merchant.post('/v3/pay/transactions/jsapi', bed.order('T-kept-1'));
  await bed.pay({ outTradeNo: 'T-kept-1' });
  await bed.control().post('/_sim/pay/settings', { refundDelayMs: null });
  const amount = { refund: 100, total: 8800, currency: 'CNY' };
  const asked = { out_trade_no: 'T-kept-1', out_refund_no: 'R1', amount };
  expect(await merchant.post('/v3/refund/domestic/refunds', asked)).toMatchObject({ status: 200 });
  await bed.stopPlatform();

  await bed.start({ pay });
  const path = `/v3/pay/transactions/out-trade-no/T-kept-1?mchid=${merchant.mchid}`;
  expect((await merchant.get(path)).json).toMatchObject({ trade_state: 'REFUND', amount: { total: 8800 } });
  await bed.refundState('R1', 'SUCCESS');
  expect(await merchant.post('/v3/pay/transactions/jsapi', bed.order('T-kept-1'))).toMatchObject({ status: 400 });
});

test('without the merchant’s files WeChat Pay is off and says so', async () => {
  const { plain } = accounts('http://127.0.0.1:9/wx');
  const platform = await startPlatform([plain]);
  try {
    const sim = client(platform.url);
    expect(await sim.get('/_sim/pay')).toEqual({ on: false });
    expect(await sim.post('/_sim/pay/pay', {})).toMatchObject({ error: 'not_found' });
    expect((await fetch(`${platform.url}/v3/certificates`)).status).toBe(404);
    expect(await sim.get('/_sim/shop/goods')).toMatchObject({ error: 'unavailable' });
  } finally {
    await platform.stop();
  }
});

test('files that are missing stop the start and are named', async () => {
  const { plain } = accounts('http://127.0.0.1:9/wx');
  const pay = { merchantDir: '/nowhere', platformDir: bed.files.platformDir, tlsPort: 0 };
  await expect(startPlatform([plain], { pay })).rejects.toThrow('/nowhere/apiclient_cert.pem');
});

test('the shop’s API is passed on with what it needs, and its answers as they are', async () => {
  const asked: Record<string, unknown>[] = [];
  const shop = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { authorization, cookie, 'idempotency-key': key } = request.headers;
      const body = Buffer.concat(chunks).toString();
      asked.push({ method: request.method, url: request.url, authorization, cookie, key, body });
      response.writeHead(409, { 'content-type': 'application/json' }).end('{"error":"not_payable"}');
    });
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const ingressUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  await bed.start({ ingressUrl, tillToken: 'the tills own' });
  const answer = await fetch(`${bed.url()}/_sim/shop/orders/T1/cancel?x=%20`, {
    method: 'POST',
    headers: { authorization: 'Bearer t', cookie: 'c=1', 'idempotency-key': 'k', 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  expect([answer.status, await answer.json()]).toEqual([409, { error: 'not_payable' }]);
  await fetch(`${bed.url()}/_sim/till/redemptions`, {
    method: 'POST',
    headers: { authorization: 'Bearer of the page', 'content-type': 'application/json' },
    body: '{"code":"1"}',
  });
  expect(asked).toEqual([
    {
      method: 'POST',
      url: '/api/orders/T1/cancel?x=%20',
      authorization: 'Bearer t',
      cookie: undefined,
      key: 'k',
      body: '{"a":1}',
    },
    {
      method: 'POST',
      url: '/redemptions',
      authorization: 'Bearer the tills own',
      cookie: undefined,
      key: undefined,
      body: '{"code":"1"}',
    },
  ]);
  const picture = await fetch(`${bed.url()}/_sim/qr?text=lingquan:coupon:1`);
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect((await fetch(`${bed.url()}/_sim/qr?text=`)).status).toBe(400);
  const foreign = await fetch(`${bed.url()}/_sim/shop/orders`, { headers: { origin: 'https://evil.example' } });
  expect(foreign.status).toBe(401);
  shop.closeAllConnections();
  await new Promise<void>((resolve) => shop.close(() => resolve()));
});

test('settings are checked, and say what they are now', async () => {
  await bed.start();
  const sim = bed.control();
  expect(await sim.post('/_sim/pay/settings', { refundOutcome: 'maybe' })).toMatchObject({ error: 'invalid' });
  expect(await sim.post('/_sim/pay/settings', { unknown: 1 })).toMatchObject({ error: 'invalid' });
  expect(await sim.post('/_sim/pay/settings', { refundOutcome: 'closed' })).toMatchObject({
    settings: { refundOutcome: 'closed', noticeFactor: 1 },
  });
  const { keys, mchid, tlsUrl } = (await sim.get('/_sim/pay')) as Record<string, unknown>;
  expect(mchid).toBe(bed.merchant.mchid);
  expect(tlsUrl).toMatch(/^https:/);
  expect(JSON.stringify(keys)).not.toContain('PRIVATE');
});
