import { createPublicKey } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { uuidOf } from '@lingquan/events';
import { PayApi } from '@lingquan/events/payment.ts';
import { until } from '@lingquan/test-kit';
import { acknowledgement, sealRefundNotice, signedMessage } from '@lingquan/wechat-pay';
import { request } from 'undici';
import { readNotices } from './notices.ts';
import type { Notices } from './notices.ts';
import * as pay from './pay.ts';
import { openShop } from './shop.ts';
import type { Shop } from './shop.ts';
import { startIngress } from './system.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { get } from './wechat.ts';

const { noticeKeys } = pay;
const { mchid, appid } = pay.vectors.account;

type Running = Awaited<ReturnType<typeof startIngress>>;
let shop: Shop;
let notices: Notices;
let ingress: Running;
let clockMs: number | undefined;
const now = () => clockMs ?? Date.now();
const closing: Running[] = [];

beforeAll(async () => {
  shop = await openShop('pay');
  notices = await readNotices(shop.kafka);
  shop.payment.answer = () => ({ json: { certificates: certificatesOf(['platform1', 'platform2']) } });
  ingress = await startIngress(shop, { noticeKeys, env: shop.settings, now });
}, 60_000);

afterAll(async () => {
  await Promise.all([ingress, ...closing].map((one) => one?.stop()));
  await notices?.stop();
  await shop?.remove();
}, 60_000);

const certificatesOf = (names: string[]) =>
  names.map((name) => ({ serialNo: pay.rsaKey(name).serial_no, pem: pay.rsaKey(name).cert_pem! }));

/** What a request to the door brought to the topic, beside its answer. */
async function through(send: () => Promise<{ status: number; body: string }>) {
  const before = (await notices.all()).length;
  const { status, body } = await send();
  return { status, body, fresh: (await notices.all()).slice(before) };
}

const v3 = (told: ReturnType<typeof pay.notice>, one = ingress) =>
  pay.tell(`${one.url}/pay/v3/notify`, told.body, told.headers);
const v2 = (xml: string, path = '/pay/v2/notify', one = ingress) =>
  pay.tell(one.url + path, xml, { 'content-type': 'text/xml' });

describe('the reference vectors through the door', () => {
  const certificates = new Map<string, Promise<Running>>();

  /** An ingress with the keys a vector trusts: public keys configured, certificates from payment. */
  function ingressFor({ trusted, apiv3_key, apiv3_key_literal }: pay.PayVector['input']): Promise<Running> {
    const names = Object.values(trusted);
    const id = `${names.join()} ${apiv3_key_literal ?? ''}`;
    const running = certificates.get(id) ?? begin();
    certificates.set(id, running);
    return running;

    async function begin() {
      const withCertificate = names.filter((name) => pay.rsaKey(name).cert_pem !== undefined);
      const before = shop.payment.asked.length;
      const answer = shop.payment.answer;
      shop.payment.answer = () => ({ json: { certificates: certificatesOf(withCertificate) } });
      const apiV3Key = apiv3_key_literal ?? pay.textKey(apiv3_key!);
      const one = await startIngress(shop, { noticeKeys: { ...noticeKeys, apiV3Key }, env: shop.settings, now });
      await until(() => shop.payment.asked.length > before, 'it asked for the certificates');
      shop.payment.answer = answer;
      closing.push(one);
      return one;
    }
  }

  test.each(pay.ofKind('v3_notify'))('$id: $note', async ({ input, expected }) => {
    const one = await ingressFor(input);
    clockMs = input.now * 1000;
    const { status, body, fresh } = await through(() => v3({ body: input.body, headers: input.headers }, one));
    clockMs = undefined;
    if (!expected.ok) {
      const undecryptable = expected.reason === 'decrypt_failed';
      expect([status, fresh]).toEqual([undecryptable ? 400 : 401, []]);
      expect(JSON.parse(body)).toEqual({ code: 'FAIL', message: expect.any(String) });
      return;
    }
    expect([status, body, fresh.length]).toEqual([204, '', 1]);
    const { id } = JSON.parse(input.body) as { id: string };
    const { key, envelope, notification } = fresh[0]!;
    expect(envelope).toMatchObject({ source: 'ingress', timeMs: input.now * 1000 });
    const { resource } = expected;
    if (notification.case === 'other') {
      expect([key, notification.value.notificationId, envelope.type]).toEqual([id, id, 'payment.other']);
      return;
    }
    expect(key).toBe(resource['out_trade_no']);
    expect(notification.value).toMatchObject({
      api: PayApi.V3,
      notificationId: id,
      mchid: resource['mchid'],
      outTradeNo: resource['out_trade_no'],
      transactionId: resource['transaction_id'],
      totalFen: BigInt((resource['amount'] as { total: number }).total),
    });
  });

  test.each(pay.ofKind('v2_verify_xml'))('$id: $note', async ({ input, expected }) => {
    const { status, body, fresh } = await through(() => v2(input.xml));
    if (expected.ack !== 'success_xml') {
      expect([status, fresh]).toEqual([401, []]);
      expect(body).toContain('FAIL');
      return;
    }
    expect([status, body]).toEqual([200, acknowledgement]);
    const { fields } = expected;
    expect(fresh).toMatchObject([
      {
        key: fields['out_trade_no'],
        envelope: { type: 'payment.transaction' },
        notification: {
          case: 'transaction',
          value: {
            api: PayApi.V2,
            notificationId: '',
            tradeState: 'SUCCESS',
            totalFen: BigInt(fields['total_fee']!),
            payerTotalFen: BigInt(fields['cash_fee']!),
            currency: 'CNY',
          },
        },
      },
    ]);
  });

  test.each(pay.ofKind('v2_refund_notify'))('$id', async ({ input, expected }) => {
    const apiV2Key = pay.textKey(input.api_key);
    const one = await startIngress(shop, {
      noticeKeys: { ...noticeKeys, apiV3Key: noticeKeys.apiV3Key, apiV2Key },
      env: shop.settings,
      now,
    });
    closing.push(one);
    const { status, body, fresh } = await through(() => v2(input.xml, '/pay/v2/refund-notify', one));
    expect([status, body]).toEqual([200, acknowledgement]);
    expect(fresh).toMatchObject([
      {
        key: expected.fields['out_trade_no'],
        envelope: { type: 'payment.refund' },
        notification: {
          case: 'refund',
          value: {
            api: PayApi.V2,
            mchid,
            outRefundNo: expected.fields['out_refund_no'],
            refundId: expected.fields['refund_id'],
            refundFen: BigInt(expected.fields['refund_fee']!),
          },
        },
      },
    ]);
  });
});

test('a payment is published whole, and without what is nobody’s business', async () => {
  const { fresh } = await through(() => v3(pay.notice(pay.transaction(), { id: 'EV-opaque' })));
  const [one] = fresh;
  const id = uuidOf('payment-notice', 'v3', 'transaction', '4200002026010100000000000001', 'SUCCESS');
  expect(one!.envelope).toMatchObject({ id, type: 'payment.transaction' });
  expect(one!.notification.value).toMatchObject({
    notificationId: 'EV-opaque',
    openid: 'o-payer',
    tradeType: 'JSAPI',
    payerTotalFen: 8300n,
  });
  const { successTime } = one!.notification.value as { successTime: Parameters<typeof timestampMs>[0] };
  expect(timestampMs(successTime)).toBe(Date.parse('2026-01-01T00:00:20Z'));
  expect(one!.bytes.toString('latin1')).not.toContain('CMB_DEBIT');
});

test('a refund is published without the account that got the money', async () => {
  const told = pay.notice(pay.refund(), { eventType: 'REFUND.SUCCESS', originalType: 'refund' });
  const { status, fresh } = await through(() => v3(told));
  expect(status).toBe(204);
  expect(fresh[0]!.envelope.id).toBe(uuidOf('payment-notice', 'v3', 'refund', '50300002026010100000000001', 'SUCCESS'));
  expect(fresh[0]!.notification.value).toMatchObject({ status: 'SUCCESS', refundFen: 3000n, totalFen: 8800n });
  expect(fresh[0]!.bytes.toString()).not.toContain('招商银行');
});

test('the same payment told twice, under other ids and signatures, is one event', async () => {
  const resource = pay.transaction({ transaction_id: '42doubled', out_trade_no: 'T-doubled' });
  const { fresh } = await through(async () => {
    await v3(pay.notice(resource));
    return v3(pay.notice(resource));
  });
  expect(fresh.map(({ envelope }) => envelope.id)).toEqual([fresh[0]!.envelope.id, fresh[0]!.envelope.id]);
});

test('another state of a payment, and another kind of notice, are other events', async () => {
  const tell = async (resource: Record<string, unknown>, telling = {}) => {
    const { fresh } = await through(() => v3(pay.notice(resource, telling)));
    return fresh[0]!.envelope.id;
  };
  const refunds = { eventType: 'REFUND.CLOSED', originalType: 'refund' };
  const ids = [
    await tell(pay.transaction({ transaction_id: '42states' })),
    await tell(pay.transaction({ transaction_id: '42states', trade_state: 'REFUND' })),
    await tell(pay.refund({ refund_id: '42states' }), refunds),
    await tell({}, { eventType: 'PRODUCT_COUPON.SEND', originalType: '', id: '42states' }),
  ];
  expect(new Set(ids).size).toBe(4);
});

const without = (name: string) => {
  const { body, headers } = pay.notice(pay.transaction());
  return { body, headers: Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name)) };
};
const seconds = () => Math.floor(Date.now() / 1000);

test.each([
  ['no signature', () => without('Wechatpay-Signature')],
  ['no serial', () => without('Wechatpay-Serial')],
  ['no time', () => without('Wechatpay-Timestamp')],
  ['an old time', () => pay.notice(pay.transaction(), { timestamp: seconds() - 310 })],
  ['a time to come', () => pay.notice(pay.transaction(), { timestamp: seconds() + 310 })],
  [
    'a key nobody knows',
    () => pay.notice(pay.transaction(), { signer: { ...pay.signerOf('merchant'), serial: 'ABC' } }),
  ],
  [
    'the id of our key and another key',
    () =>
      pay.notice(pay.transaction(), { signer: { ...pay.signerOf('merchant'), serial: pay.rsaKey('wxpub').serial_no } }),
  ],
  [
    'another public key id',
    () => pay.notice(pay.transaction(), { signer: { ...pay.signerOf('wxpub'), serial: 'PUB_KEY_ID_9' } }),
  ],
  ['a changed body', () => ({ ...pay.notice(pay.transaction()), body: pay.notice(pay.transaction()).body })],
  [
    'a signature that is no base64',
    () => ({
      ...pay.notice(pay.transaction()),
      headers: { ...pay.notice(pay.transaction()).headers, 'Wechatpay-Signature': '%%%' },
    }),
  ],
])('401 for %s', async (_, telling) => {
  const { status, body, fresh } = await through(() => v3(telling()));
  expect([status, fresh]).toEqual([401, []]);
  expect(JSON.parse(body)).toMatchObject({ code: 'FAIL' });
});

test.each([
  ['a payment of another merchant', pay.transaction({ mchid: '1900000000' }), {}],
  ['no total', pay.transaction({ amount: { payer_total: 1, currency: 'CNY' } }), {}],
  ['a total as text', pay.transaction({ amount: { total: '88.00', currency: 'CNY' } }), {}],
  ['a negative total', pay.transaction({ amount: { total: -1, currency: 'CNY' } }), {}],
  ['half a fen', pay.transaction({ amount: { total: 1.5, currency: 'CNY' } }), {}],
  ['dollars', pay.transaction({ amount: { total: 1, currency: 'USD' } }), {}],
  ['no number', pay.transaction({ out_trade_no: undefined }), {}],
  ['no transaction', pay.transaction({ transaction_id: '' }), {}],
  [
    'a refund without its sum',
    pay.refund({ amount: { total: 8800 } }),
    { eventType: 'REFUND.SUCCESS', originalType: 'refund' },
  ],
  ['no id', pay.transaction(), { id: '' }],
])('400 for %s, rightly signed', async (_, resource, telling) => {
  const { status, body, fresh } = await through(() => v3(pay.notice(resource, telling)));
  expect([status, fresh]).toEqual([400, []]);
  expect(JSON.parse(body)).toEqual({ code: 'FAIL', message: expect.any(String) });
});

const apiV2Key = pay.textKey('apiv2');
const v2Fields = (changes: Record<string, string> = {}) => ({
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid,
  mch_id: mchid,
  openid: 'o-payer',
  nonce_str: 'n',
  out_trade_no: 'T20260101000002',
  transaction_id: '42v2',
  total_fee: '100',
  cash_fee: '90',
  trade_type: 'JSAPI',
  time_end: '20260101080005',
  ...changes,
});
const signed = (changes: Record<string, string> = {}) => signedMessage(v2Fields(changes), apiV2Key, 'HMAC-SHA256');
const refundNotice = (key: string, changes: Record<string, string> = {}, merchant = mchid) =>
  sealRefundNotice(key, {
    appid,
    mchid: merchant,
    nonce: 'n',
    fields: {
      transaction_id: '42v2',
      out_trade_no: 'T20260101000002',
      refund_id: '50v2',
      out_refund_no: 'R2',
      total_fee: '100',
      refund_fee: '40',
      refund_status: 'REFUNDCLOSE',
      ...changes,
    },
  });

test('v2: another merchant, no amount, no signature, a doubled field, a DTD', async () => {
  const statuses = [
    await v2(signed({ mch_id: '1900000000' })),
    await v2(signed({ total_fee: '' })),
    await v2(signed({ return_code: 'FAIL' })),
    await v2(signed().replace('<sign>', '<signature>').replace('</sign>', '</signature>')),
    await v2(signed().replace('</xml>', '<total_fee>1</total_fee></xml>')),
    await v2(`<!DOCTYPE x [<!ENTITY y "z">]>${signed()}`),
    await v2('{}'),
    await v2(''),
  ];
  expect(statuses.map(({ status }) => status)).toEqual([400, 400, 400, 401, 400, 400, 400, 400]);
  for (const { body, headers } of statuses) {
    expect(body).toMatch(/^<xml>.*FAIL/);
    expect(headers['content-type']).toContain('text/xml');
  }
});

test('v2: words of a refund are told in those of v3, once', async () => {
  const { status, fresh } = await through(async () => {
    await v2(refundNotice(apiV2Key), '/pay/v2/refund-notify');
    return v2(refundNotice(apiV2Key), '/pay/v2/refund-notify');
  });
  expect(status).toBe(200);
  expect(fresh[0]!.notification.value).toMatchObject({ status: 'CLOSED', mchid, refundFen: 40n });
  expect(fresh[1]!.envelope.id).toBe(fresh[0]!.envelope.id);
  expect(fresh[0]!.envelope.id).toBe(uuidOf('payment-notice', 'v2', 'refund', '50v2', 'CLOSED'));
});

test('v2: a refund notice of another key or merchant is refused', async () => {
  const { fresh } = await through(async () => {
    expect((await v2(refundNotice('0'.repeat(32)), '/pay/v2/refund-notify')).status).toBeGreaterThanOrEqual(400);
    expect((await v2(refundNotice(apiV2Key, {}, '1900000000'), '/pay/v2/refund-notify')).status).toBe(400);
    return v2(refundNotice(apiV2Key, { refund_fee: '' }), '/pay/v2/refund-notify');
  });
  expect(fresh).toEqual([]);
});

test('a notice of one door at another is refused', async () => {
  const { fresh, status } = await through(async () => {
    expect((await v2(signed(), '/pay/v2/refund-notify')).status).toBeGreaterThanOrEqual(400);
    expect((await v2(refundNotice(apiV2Key))).status).toBe(401);
    return v2(signed(), '/pay/v3/notify');
  });
  expect([status, fresh]).toEqual([401, []]);
});

test('SIGNTEST is refused and counted apart', async () => {
  const { body, headers } = pay.notice(pay.transaction());
  const probe = { ...headers, 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${headers['Wechatpay-Signature']}` };
  expect((await through(() => v3({ body, headers: probe }))).status).toBe(401);
  expect((await get(`${ingress.url}/metrics`)).body).toMatch(/pay_notices_total\{door="v3",result="signtest"\} [1-9]/);
});

test('413 for more than 64 KiB, announced or not, and before it is sent', async () => {
  const big = Buffer.alloc(64 * 1024 + 1, 'x');
  for (const path of ['/pay/v3/notify', '/pay/v2/notify', '/pay/v2/refund-notify'])
    expect((await pay.tell(ingress.url + path, big)).status).toBe(413);
  async function* chunks() {
    for (let sent = 0; sent < 2 * big.length; sent += 8192) yield Buffer.alloc(8192, 'x');
  }
  const { statusCode, body } = await request(`${ingress.url}/pay/v3/notify`, {
    method: 'POST',
    body: Readable.from(chunks()),
  });
  await body.dump();
  expect(statusCode).toBe(413);
  const { port } = new URL(ingress.url);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write('POST /pay/v3/notify HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n'),
    );
    socket.on('error', reject).on('data', (chunk) => {
      resolve(chunk.toString());
      socket.destroy();
    });
  });
  expect(answer).toContain('HTTP/1.1 413');
});

test('other methods and addresses', async () => {
  const { statusCode, headers, body } = await request(`${ingress.url}/pay/v3/notify`, { method: 'PUT' });
  await body.dump();
  expect([statusCode, headers['allow']]).toEqual([405, 'POST']);
  expect((await get(`${ingress.url}/pay/v2/notify`)).status).toBe(405);
  expect((await pay.tell(`${ingress.url}/pay/v4/notify`, '')).status).toBe(404);
});

test('a refusal echoes nothing of what came', async () => {
  const marker = 'm4rk3r';
  const answers = await Promise.all([
    v3({ body: marker, headers: { 'Wechatpay-Serial': marker, 'Wechatpay-Nonce': marker } }),
    v3(pay.notice({ [marker]: marker }, { id: marker })),
    v3(pay.notice(pay.transaction({ mchid: marker }))),
    v2(`<xml><${marker}>${marker}</${marker}></xml>`),
    v2(signed({ mch_id: marker })),
    pay.tell(`${ingress.url}/pay/${marker}`, marker),
  ]);
  for (const { status, body, headers } of answers) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body + JSON.stringify(headers)).not.toContain(marker);
  }
});

test('certificates: 503 until payment has them, then taken; a new one is fetched', async () => {
  const { publicKey: _, ...inCertificateMode } = { ...noticeKeys, apiV3Key: noticeKeys.apiV3Key };
  shop.payment.answer = () => ({ status: 503, json: { error: 'unavailable' } });
  const one = await startIngress(shop, {
    noticeKeys: { ...inCertificateMode, publicKey: undefined },
    env: shop.settings,
  });
  closing.push(one);
  const tell = (name: string) =>
    v3(pay.notice(pay.transaction({ transaction_id: `42${name}` }), { signer: pay.signerOf(name) }), one);
  expect(await through(() => tell('platform1'))).toMatchObject({ status: 503, fresh: [] });
  shop.payment.answer = () => ({ json: { certificates: certificatesOf(['platform1']) } });
  await until(async () => (await tell('platform1')).status === 204, 'the certificates are there');
  const asked = shop.payment.asked.length;
  expect((await tell('platform2')).status).toBe(401); // asked a moment ago: it is unknown for now
  expect((await tell('platform1')).status).toBe(204);
  expect(shop.payment.asked.length).toBe(asked);
}, 60_000);

test('in public key mode nothing is asked of payment', async () => {
  shop.payment.answer = () => ({ status: 503, json: {} });
  const key = { id: 'PUB_KEY_ID_77', key: createPublicKey(pay.rsaKey('wxpub').public_pem!) };
  const { apiV3Key } = noticeKeys;
  const one = await startIngress(shop, { noticeKeys: { ...noticeKeys, apiV3Key, publicKey: key }, env: shop.settings });
  closing.push(one);
  const signer = { ...pay.signerOf('wxpub'), serial: key.id };
  expect((await v3(pay.notice(pay.transaction(), { signer }), one)).status).toBe(204);
});

test('without a merchant, or without the APIv2 key, 503: it comes again', async () => {
  const plain = await startIngress(shop, { env: shop.settings });
  const { apiV3Key } = noticeKeys;
  const onlyV3 = await startIngress(shop, {
    noticeKeys: { ...noticeKeys, apiV3Key, apiV2Key: undefined },
    env: shop.settings,
  });
  closing.push(plain, onlyV3);
  expect((await v3(pay.notice(pay.transaction()), plain)).status).toBe(503);
  expect((await v2(signed(), '/pay/v2/notify', onlyV3)).status).toBe(503);
  expect((await v3(pay.notice(pay.transaction()), onlyV3)).status).toBe(204);
});

/** An ingress whose Kafka goes away, `how`, and comes back: whether the notice is on its topic in the end. */
async function losesKafka(how: 'cut' | 'freeze'): Promise<boolean> {
  const proxy = await tcpProxy(shop.env.KAFKA_BROKERS);
  const far = await startIngress(shop, { noticeKeys, env: { ...shop.settings, KAFKA_BROKERS: proxy.address } });
  try {
    const told = () => pay.notice(pay.transaction({ transaction_id: `42${how}`, out_trade_no: `T-away-${how}` }));
    proxy[how]();
    const answers = await Promise.all([
      v3(told(), far),
      v2(signed({ transaction_id: `42v2${how}` }), '/pay/v2/notify', far),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(answers[0].body).toContain('FAIL');
    expect(answers[1].body).toContain('FAIL');
    proxy.restore();
    await until(async () => (await v3(told(), far)).status === 204, 'it is taken again', 30_000);
    await until(async () => (await get(`${far.url}/readyz`)).status === 200, 'its consumer is back, too', 30_000);
    return (await notices.all()).some(({ key }) => key === `T-away-${how}`);
  } finally {
    await far.stop();
    await proxy.stop();
  }
}

test('Kafka away, cut or frozen: 503 before the platform gives up, and nothing is acknowledged', async () => {
  expect(await Promise.all([losesKafka('cut'), losesKafka('freeze')])).toEqual([true, true]);
}, 60_000);
