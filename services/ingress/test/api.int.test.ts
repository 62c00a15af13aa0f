import { createHash } from 'node:crypto';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { UnusableReason } from '@lingquan/events/coupon.ts';
import { OrderRefusalReason, RefundRefusalReason } from '@lingquan/events/payment.ts';
import { until } from '@lingquan/test-kit';
import { Redis } from 'ioredis';
import { config } from '../src/config.ts';
import { noticeKeys } from './pay.ts';
import { openShop, send } from './shop.ts';
import type { Commanded, Outcome, Sending, Shop } from './shop.ts';
import type { Asked } from './stand-in.ts';
import { account, startIngress } from './system.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { get as getText } from './wechat.ts';

const accounts = [account(), account({ appid: 'wxmini', kind: 'mini-program', isDefault: false })];
const [official] = accounts as [(typeof accounts)[0]];

let shop: Shop;
let ingress: Awaited<ReturnType<typeof startIngress>>;
let redis: Redis;

beforeAll(async () => {
  shop = await openShop('api');
  redis = new Redis(shop.env.REDIS_URL);
  ingress = await startIngress(shop, {
    accounts,
    noticeKeys,
    env: { ...shop.settings, OUTCOME_WAIT_MS: '1500', LIMIT_WRITES_PER_MINUTE: '1000' },
  });
}, 60_000);

afterAll(async () => {
  await ingress?.stop();
  await shop?.remove();
  redis?.disconnect();
}, 60_000);

const parameters = {
  appId: 'wx1',
  timeStamp: '1767225600',
  nonceStr: 'n',
  package: 'prepay_id=p',
  signType: 'RSA',
  paySign: 's',
};

/** Orders payment knows, by number. */
const orders = new Map<string, Record<string, unknown>>();
const orderOf = (outTradeNo: string, openid: string, more: Record<string, unknown> = {}) => ({
  outTradeNo,
  appid: official.appid,
  openid,
  state: 'unpaid',
  totalFen: 6400,
  payableFen: 5900,
  transactionId: 'secret-of-payment',
  refunds: [],
  ...more,
});

function answerAsPayment({ path, query }: Asked) {
  const [, list, outTradeNo = '', tail] = path.split('/');
  if (list === 'platform-keys') return { json: { certificates: [] } };
  if (outTradeNo === '') {
    const own = [...orders.values()].filter((order) => order['openid'] === query['openid']);
    return { json: { items: own, next: null } };
  }
  const order = orders.get(outTradeNo);
  if (order === undefined) return { status: 404, json: { error: 'not_found' } };
  if (tail !== 'payment') return { json: order };
  return order['state'] === 'unpaid' ? { json: parameters } : { status: 409, json: { error: 'not_payable' } };
}

/** Payment takes every order. */
function takeOrders({ command }: Commanded): Outcome | undefined {
  if (command.case !== 'createOrder') return undefined;
  const { outTradeNo, openid } = command.value;
  orders.set(outTradeNo, orderOf(outTradeNo, openid));
  const ready = { totalFen: 6400n, discountFen: 500n, payableFen: 5900n };
  return { case: 'order', value: { outTradeNo, outcome: { case: 'ready', value: ready } } };
}

beforeEach(() => {
  shop.decide = takeOrders;
  shop.payment.answer = answerAsPayment;
});

const post = (path: string, body: unknown, sending: Sending = {}) => send('POST', ingress.url + path, body, sending);
const get = (path: string, token?: string) => send('GET', ingress.url + path, undefined, { token });

async function login(openid: string): Promise<string> {
  const { json } = await post('/api/login', { code: `code-${openid}` });
  return (json as { token: string }).token;
}
let keysMade = 0;
const newKey = () => `key-${String(++keysMade).padStart(8, '0')}`;
const basket = {
  lines: [
    { sku: 'latte', quantity: 1 },
    { sku: 'cake', quantity: 1 },
  ],
};
const creates = () => shop.commanded.filter(({ command }) => command.case === 'createOrder');

test('a mini program and a page log in, each in its own way', async () => {
  const page = await post('/api/login', { code: 'code-o-page' });
  expect(page).toMatchObject({
    status: 200,
    json: { expiresIn: 172_800, token: expect.stringMatching(/^[\w-]{43}$/) },
  });
  expect(shop.wechat.asked.at(-1)).toMatchObject({
    path: '/sns/oauth2/access_token',
    query: { appid: official.appid },
  });
  expect((await post('/api/login', { appid: 'wxmini', code: 'code-o-mini' })).status).toBe(200);
  expect(shop.wechat.asked.at(-1)).toMatchObject({ path: '/sns/jscode2session', query: { appid: 'wxmini' } });
});

test('Redis holds who is logged in, and nothing to log in with', async () => {
  const token = await login('o-kept');
  const keys = await redis.keys(`${shop.prefix}session:*`);
  const values = await Promise.all(keys.map((key) => redis.get(key)));
  expect(keys.join() + values.join()).not.toContain(token);
  expect(values).toContainEqual(JSON.stringify({ appid: official.appid, openid: 'o-kept' }));
  const id = createHash('sha256').update(token).digest('hex');
  await redis.expire(`${shop.prefix}session:{${id}}`, 60);
  expect((await get('/api/orders', token)).status).toBe(200);
  expect(await redis.ttl(`${shop.prefix}session:{${id}}`)).toBeGreaterThan(172_000); // it lives on
});

test.each([
  [{ code: 'wrong' }, 401, 'login_failed'],
  [{ appid: 'wxnobody', code: 'code-x' }, 400, 'unknown_account'],
  [{}, 400, 'invalid'],
  [{ code: 'a b' }, 400, 'invalid'],
  [{ code: ['code-x'] }, 400, 'invalid'],
  [{ code: 'code-x', openid: 'o-victim' }, 400, 'invalid'],
  ['{"code":', 400, 'invalid'],
  ['[]', 400, 'invalid'],
  ['null', 400, 'invalid'],
  ['{"__proto__":{"code":"code-x"}}', 400, 'invalid'],
])('logging in with %j is %i %s', async (body, status, error) => {
  expect(await post('/api/login', body)).toMatchObject({
    status,
    json: { error, message: expect.stringContaining(' · ') },
  });
});

test('the platform away: nobody logs in, and is told to try later', async () => {
  const answer = shop.wechat.answer;
  shop.wechat.answer = () => ({ status: 502, json: {} });
  expect(await post('/api/login', { code: 'code-x' })).toMatchObject({ status: 503, json: { error: 'try_later' } });
  shop.wechat.answer = answer;
});

test.each([undefined, '', 'x', 'A'.repeat(43), '../../etc', 'é'])('401 for the token %j', async (token) => {
  const headers = token === undefined ? {} : { authorization: Buffer.from(`Bearer ${token}`).toString('latin1') };
  const answer = await send('GET', `${ingress.url}/api/coupons`, undefined, { headers });
  expect(answer).toMatchObject({ status: 401, json: { error: 'not_logged_in' } });
});

test('goods are for anyone, and no page of another origin may read', async () => {
  const { status, json, headers } = await get('/api/goods');
  expect(status).toBe(200);
  expect(json.items[0]).toEqual({ sku: 'latte', name: '拿铁', category: 'coffee', priceFen: 2800 });
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

const coupon = {
  code: '001AB0CDEFGH02',
  appid: official.appid,
  openid: 'o-coupons',
  campaignName: '秋日',
  kind: 'amount',
  valueFen: 500,
  state: 'redeemed',
  redeemedBy: { shop: 's', cashier: 'Li' },
  qr: 'lingquan:coupon:001AB0CDEFGH02',
};

test("the shopper's own coupons, without whose they are and who took them", async () => {
  shop.issuer.answer = () => ({ json: { items: [coupon], next: 'more' } });
  const { json } = await get('/api/coupons?state=used&limit=5', await login('o-coupons'));
  expect(shop.issuer.asked.at(-1)).toMatchObject({
    path: '/coupons',
    query: { appid: official.appid, openid: 'o-coupons', state: 'used', limit: '5' },
  });
  expect(json).toMatchObject({
    items: [{ code: coupon.code, qr: coupon.qr, redeemedBy: { shop: 's' } }],
    next: 'more',
  });
  expect(JSON.stringify(json)).not.toMatch(/o-coupons|Li/);
});

test.each([[{ outTradeNo: 'T20260105-1' }], [null]])('a coupon used by %j', async (redeemedBy) => {
  shop.issuer.answer = () => ({ json: { items: [{ ...coupon, redeemedBy }] } });
  const { json } = await get('/api/coupons?state=used', await login('o-coupons'));
  expect(json.items[0].redeemedBy).toEqual(redeemedBy);
});

test.each(['state=stolen', 'state=used&state=usable', 'limit=0', 'limit=1000', 'openid=o-victim', 'cursor=%00'])(
  'coupons?%s is refused',
  async (query) => {
    const answer = await get(`/api/coupons?${query}`, await login('o-coupons'));
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid' } });
  },
);

test('quotes: priced here, worded here', async () => {
  shop.issuer.answer = () => ({
    json: {
      items: [
        { coupon, usable: true, discountFen: 500, lineFen: [219, 281] },
        { coupon, usable: false, reason: 'below_threshold', missingFen: 3600 },
      ],
    },
  });
  const lines = [
    { sku: 'latte', quantity: 1 },
    { sku: 'cake', quantity: 1 },
    { sku: 'latte', quantity: 1 },
  ];
  const { status, json } = await post('/api/quotes', { lines, shop: '一店' }, { token: await login('o-quotes') });
  expect(status).toBe(200);
  expect(json.totalFen).toBe(9200);
  expect(json.items[0]).toMatchObject({ usable: true, discountFen: 500, lineFen: [219, 281] });
  expect(json.items[1]).toMatchObject({
    reason: 'below_threshold',
    missingFen: 3600,
    message: '还差 36 元就能用这张券了。',
  });
  expect(shop.issuer.asked.at(-1)).toMatchObject({
    path: '/quotes',
    body: {
      openid: 'o-quotes',
      basket: {
        shop: '一店',
        lines: [
          { sku: 'latte', name: '拿铁', category: 'coffee', unitPriceFen: 2800, quantity: 2 },
          { sku: 'cake', unitPriceFen: 3600, quantity: 1 },
        ],
      },
    },
  });
});

test('the issuer away, or not understood: try later', async () => {
  const token = await login('o-away');
  shop.issuer.answer = () => ({ status: 500, json: {} });
  expect(await get('/api/coupons', token)).toMatchObject({ status: 503, json: { error: 'try_later' } });
  shop.issuer.answer = () => ({ json: { items: 'many' } });
  expect(await get('/api/coupons', token)).toMatchObject({ status: 503, json: { error: 'try_later' } });
});

test('an order: commanded once with the prices of the list, answered with what the client pays with', async () => {
  const key = newKey();
  const token = await login('o-order');
  const before = Date.now();
  const answer = await post('/api/orders', { ...basket, shop: '一店', couponCode: '001a-b0cd-efgh02' }, { token, key });
  expect(answer).toMatchObject({
    status: 201,
    json: { order: { state: 'unpaid', payableFen: 5900 }, payment: parameters },
  });
  expect(JSON.stringify(answer.json)).not.toMatch(/o-order|secret-of-payment/);

  const [one, ...more] = creates().filter(({ key: number }) => number === answer.json.order.outTradeNo);
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    envelope: { source: 'ingress', type: 'payment.create_order' },
    command: {
      value: {
        openid: 'o-order',
        appid: official.appid,
        couponCode: '001AB0CDEFGH02',
        description: '拿铁 等2件',
        basket: {
          shop: '一店',
          lines: [
            { sku: 'latte', name: '拿铁', category: 'coffee', unitPriceFen: 2800n, quantity: 1 },
            { sku: 'cake', name: '蛋糕', category: 'food', unitPriceFen: 3600n, quantity: 1 },
          ],
        },
      },
    },
  });
  const { payUntil } = one!.command.value as { payUntil: Parameters<typeof timestampMs>[0] };
  expect(timestampMs(payUntil)).toBeGreaterThanOrEqual(before + 15 * 60_000);
  expect(timestampMs(payUntil)).toBeLessThanOrEqual(Date.now() + 15 * 60_000);
});

test('the same key again is the same order and command; another body or person is not', async () => {
  const [key, token, other] = [newKey(), await login('o-again'), await login('o-other')];
  const first = await post('/api/orders', basket, { token, key });
  const again = await post('/api/orders', basket, { token, key });
  expect(again.json.order.outTradeNo).toBe(first.json.order.outTradeNo);
  const ids = () =>
    creates()
      .filter((one) => one.key === first.json.order.outTradeNo)
      .map(({ envelope }) => envelope.id);
  expect(ids()).toHaveLength(2);
  expect(new Set(ids()).size).toBe(1);

  const refused = { reason: OrderRefusalReason.NUMBER_TAKEN };
  shop.decide = ({ key: outTradeNo }) => ({
    case: 'order',
    value: { outTradeNo, outcome: { case: 'refused', value: refused } },
  });
  const changed = await post('/api/orders', { lines: [{ sku: 'latte', quantity: 2 }] }, { token, key });
  expect(changed).toMatchObject({ status: 409, json: { error: 'number_taken' } });
  expect(new Set(ids()).size).toBe(2);

  shop.decide = takeOrders;
  const theirs = await post('/api/orders', basket, { token: other, key });
  expect(theirs.json.order.outTradeNo).not.toBe(first.json.order.outTradeNo);
});

test('the same order twice at once is commanded once', async () => {
  const [key, token] = [newKey(), await login('o-twice')];
  let held: Commanded | undefined;
  shop.decide = (commanded) => void (held = commanded);
  const both = [1, 2].map(() => post('/api/orders', basket, { token, key }));
  await until(() => held !== undefined, 'it is commanded');
  const answers = await Promise.all(both); // late, both of them
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  const number = answers[0]!.json.order.outTradeNo as string;
  expect(answers[1]!.json.order).toEqual({ outTradeNo: number, state: 'pending' });
  expect(creates().filter((one) => one.key === number)).toHaveLength(1);

  orders.set(number, orderOf(number, 'o-twice'));
  expect(await get(`/api/orders/${number}`, token)).toMatchObject({ status: 200, json: { state: 'unpaid' } });
  expect((await getText(`${ingress.url}/metrics`)).body).toMatch(/lingquan_asks_total\{result="late"\} 1/);
});

test('nothing to pay: the order is paid, and there is nothing to pay with', async () => {
  shop.decide = (commanded) => {
    takeOrders(commanded);
    orders.get(commanded.key)!['state'] = 'paid';
    const value = { totalFen: 500n, discountFen: 500n, payableFen: 0n };
    return { case: 'order', value: { outTradeNo: commanded.key, outcome: { case: 'ready', value } } };
  };
  const answer = await post('/api/orders', basket, { token: await login('o-free'), key: newKey() });
  expect(answer).toMatchObject({ status: 201, json: { order: { state: 'paid' }, payment: null } });
});

test('asked again when it is closed meanwhile: 409', async () => {
  const sending = { token: await login('o-closed'), key: newKey() };
  const first = await post('/api/orders', basket, sending);
  shop.decide = (commanded) => {
    const taken = takeOrders(commanded);
    orders.get(first.json.order.outTradeNo)!['state'] = 'closed';
    return taken;
  };
  expect(await post('/api/orders', basket, sending)).toMatchObject({ status: 409, json: { error: 'order_closed' } });
});

test('payment away after the order is taken: 202, not a failure', async () => {
  shop.payment.answer = () => ({ status: 500, json: {} });
  const answer = await post('/api/orders', basket, { token: await login('o-taken'), key: newKey() });
  expect(answer).toMatchObject({ status: 202, json: { order: { state: 'pending' } } });
});

test.each([
  [
    { reason: OrderRefusalReason.COUPON, coupon: { reason: UnusableReason.BELOW_THRESHOLD, missingFen: 1250n } },
    {
      error: 'coupon_unusable',
      reason: 'below_threshold',
      missingFen: 1250,
      message: '还差 12.5 元就能用这张券了。 · ¥12.5 more and this coupon can be used.',
    },
  ],
  [
    { reason: OrderRefusalReason.PLATFORM, platformCode: 'RULE_LIMIT' },
    { error: 'platform_refused', platformCode: 'RULE_LIMIT' },
  ],
  [{ reason: OrderRefusalReason.CLOSED }, { error: 'order_closed' }],
  [{ reason: 99 as OrderRefusalReason }, { error: 'order_closed' }],
])('a refused order is 409 and says why: %j', async (refused, json) => {
  shop.decide = ({ key: outTradeNo }) => ({
    case: 'order',
    value: { outTradeNo, outcome: { case: 'refused', value: refused } },
  });
  const answer = await post('/api/orders', basket, { token: await login('o-refused'), key: newKey() });
  expect(answer).toMatchObject({ status: 409, json });
});

const line = (changes: object) => ({ lines: [{ sku: 'latte', quantity: 1, ...changes }] });
test.each([
  ['a price of the client’s', line({ unitPriceFen: 1 }), 'invalid'],
  ['a total of the client’s', { ...basket, totalFen: 1 }, 'invalid'],
  ['no lines', { lines: [] }, 'invalid'],
  ['too many lines', { lines: Array.from({ length: 51 }, () => ({ sku: 'latte', quantity: 1 })) }, 'invalid'],
  ['none of it', line({ quantity: 0 }), 'invalid'],
  ['half of it', line({ quantity: 1.5 }), 'invalid'],
  ['a negative quantity', line({ quantity: -1 }), 'invalid'],
  ['a quantity as text', line({ quantity: '1' }), 'invalid'],
  ['too many', line({ quantity: 1000 }), 'invalid'],
  ['too many together', { lines: [1, 2].map(() => ({ sku: 'latte', quantity: 999 })) }, 'too_many'],
  ['unknown goods', line({ sku: 'gold' }), 'unknown_goods'],
  ['an object’s own name', line({ sku: '__proto__' }), 'unknown_goods'],
  ['a prototype', '{"lines":[{"sku":"latte","quantity":1,"__proto__":{"unitPriceFen":1}}]}', 'invalid'],
  ['no code of a coupon', { ...basket, couponCode: '优惠券' }, 'code_malformed'],
  ['an empty code', { ...basket, couponCode: '' }, 'invalid'],
  ['somebody else’s name', { ...basket, openid: 'o-victim' }, 'invalid'],
  ['a shop with a line break', { ...basket, shop: 'a\nb' }, 'invalid'],
])('an order with %s is refused and commands nothing', async (_, body, error) => {
  const before = shop.commanded.length;
  const answer = await post('/api/orders', body, { token: await login('o-hostile'), key: newKey() });
  expect(answer).toMatchObject({ status: 400, json: { error } });
  expect(JSON.stringify(answer.json)).not.toMatch(/gold|victim|unitPriceFen/);
  expect(shop.commanded.length).toBe(before);
});

test('a field given twice counts as its last, and only that one', async () => {
  const body = '{"lines":[{"sku":"cake","quantity":9}],"lines":[{"sku":"latte","quantity":1}]}';
  const answer = await post('/api/orders', body, { token: await login('o-doubled'), key: newKey() });
  expect(answer.status).toBe(201);
  expect(creates().at(-1)!.command.value).toMatchObject({ basket: { lines: [{ sku: 'latte', quantity: 1 }] } });
});

test.each([undefined, '', 'short', 'k'.repeat(65), 'with a blank', 'key-00000001, key-00000002'])(
  'an order with the idempotency key %j is refused',
  async (key) => {
    const answer = await post('/api/orders', basket, {
      token: await login('o-keyless'),
      ...(key !== undefined && { key }),
    });
    expect(answer).toMatchObject({ status: 400, json: { error: 'idempotency_key_needed' } });
  },
);

test("another's order is not there, for anything", async () => {
  const mine = await post('/api/orders', basket, { token: await login('o-mine'), key: newKey() });
  const number = mine.json.order.outTradeNo as string;
  const token = await login('o-thief');
  const before = shop.commanded.length;
  const answers = await Promise.all([
    get(`/api/orders/${number}`, token),
    get(`/api/orders/${number}/payment`, token),
    post(`/api/orders/${number}/cancel`, {}, { token }),
    post(`/api/orders/${number}/refunds`, {}, { token, key: newKey() }),
    get('/api/orders/N00000000', token),
    get('/api/orders/..%2fincidents', token),
  ]);
  for (const answer of answers) expect(answer).toMatchObject({ status: 404, json: { error: 'not_found' } });
  expect(shop.commanded.length).toBe(before);
  expect((await get('/api/orders', token)).json).toEqual({ items: [], next: null });
});

test('an order is listed, paid again, cancelled', async () => {
  const token = await login('o-life');
  const { json } = await post('/api/orders', basket, { token, key: newKey() });
  const number = json.order.outTradeNo as string;
  expect((await get('/api/orders', token)).json.items).toMatchObject([{ outTradeNo: number }]);
  expect(await get(`/api/orders/${number}/payment`, token)).toMatchObject({ status: 200, json: parameters });
  expect((await post(`/api/orders/${number}/cancel`, {}, { token })).status).toBe(202);
  const cancelled = await until(
    () => shop.commanded.find(({ command, key }) => command.case === 'cancelOrder' && key === number),
    'it is commanded',
  );
  expect(cancelled).toMatchObject({ topic: topics.paymentCommands.name, envelope: { type: 'payment.cancel_order' } });
  orders.get(number)!['state'] = 'closed';
  expect((await post(`/api/orders/${number}/cancel`, {}, { token })).status).toBe(200);
  expect(await get(`/api/orders/${number}/payment`, token)).toMatchObject({
    status: 409,
    json: { error: 'not_payable' },
  });
  orders.get(number)!['state'] = 'paid';
  expect(await post(`/api/orders/${number}/cancel`, {}, { token })).toMatchObject({
    status: 409,
    json: { error: 'order_paid' },
  });
});

test('with refunds off a shopper is told whom to ask, and nothing is commanded', async () => {
  const token = await login('o-no-refund');
  const { json } = await post('/api/orders', basket, { token, key: newKey() });
  const env = { ...shop.settings, REFUNDS_BY_SHOPPERS: 'off' };
  const strict = await startIngress(shop, { accounts, noticeKeys, env });
  try {
    const url = `${strict.url}/api/orders/${json.order.outTradeNo as string}/refunds`;
    const answer = await send('POST', url, {}, { token, key: newKey() });
    expect(answer).toMatchObject({
      status: 403,
      json: { error: 'refunds_off', message: expect.stringContaining('·') },
    });
    expect(shop.commanded.filter(({ command }) => command.case === 'requestRefund')).toEqual([]);
  } finally {
    await strict.stop();
  }
});

test('a refund: asked for once under one key, refused in words', async () => {
  const [token, key] = [await login('o-refund'), newKey()];
  const { json } = await post('/api/orders', basket, { token, key: newKey() });
  const path = `/api/orders/${json.order.outTradeNo as string}/refunds`;
  shop.decide = ({ command }) => {
    if (command.case !== 'requestRefund') return undefined;
    const { outTradeNo, outRefundNo, refundFen } = command.value;
    const outcome =
      refundFen > 5900n
        ? ({ case: 'refused', value: { reason: RefundRefusalReason.TOO_MUCH, leftFen: 5900n } } as const)
        : ({ case: 'taken', value: { refundFen: refundFen || 5900n } } as const);
    return { case: 'refund', value: { outTradeNo, outRefundNo, outcome } };
  };
  const first = await post(path, { refundFen: 100, reason: '不要了' }, { token, key });
  expect(first).toMatchObject({ status: 202, json: { refund: { refundFen: 100, state: 'requested' } } });
  expect((await post(path, { refundFen: 100, reason: '不要了' }, { token, key })).json).toEqual(first.json);
  expect(await post(path, { refundFen: 6000 }, { token, key: newKey() })).toMatchObject({
    status: 409,
    json: { error: 'refund_refused', reason: 'too_much', leftFen: 5900 },
  });
  expect(await post(path, {}, { token, key: newKey() })).toMatchObject({ json: { refund: { refundFen: 5900 } } });
  expect((await post(path, { refundFen: 0 }, { token, key: newKey() })).status).toBe(400);
  expect((await post(path, {}, { token })).json.error).toBe('idempotency_key_needed');
  shop.decide = () => undefined;
  expect(await post(path, {}, { token, key: newKey() })).toMatchObject({
    status: 202,
    json: { refund: { state: 'pending' } },
  });
});

test('a big body is refused, announced or not, and nothing of a request is echoed', async () => {
  const token = await login('o-big');
  const body = JSON.stringify({ ...basket, shop: 'm4rk3r'.repeat(20_000) });
  const answer = await post('/api/orders', body, { token, key: newKey() });
  expect(answer).toMatchObject({ status: 413, json: { error: 'body_too_big' } });
  const others = await Promise.all([
    get('/api/m4rk3r', token),
    post('/api/orders', '{"m4rk3r": m4rk3r}', { token, key: newKey() }),
    post('/api/orders', { m4rk3r: 1, lines: [{ m4rk3r: 'm4rk3r' }] }, { token, key: newKey() }),
    get('/api/orders/m4rk3r', token),
  ]);
  for (const one of others) expect(JSON.stringify(one)).not.toContain('m4rk3r');
});

test('methods and addresses that are not there', async () => {
  expect(await post('/api/goods', {})).toMatchObject({
    status: 405,
    headers: { allow: 'GET' },
    json: { error: 'method_not_allowed' },
  });
  expect(await get('/api/nothing')).toMatchObject({ status: 404, json: { error: 'not_found' } });
  expect((await getText(`${ingress.url}/metrics`)).body).toMatch(
    /api_requests_total\{route="none",status="404"\} [1-9]/,
  );
});

test('a session that writes too much waits a minute; others do not', async () => {
  const strict = await startIngress(shop, {
    accounts,
    noticeKeys,
    env: { ...shop.settings, LIMIT_WRITES_PER_MINUTE: '2' },
  });
  try {
    const [token, other] = [await login('o-busy'), await login('o-calm')];
    const quote = (who: string) => send('POST', `${strict.url}/api/quotes`, { lines: [] }, { token: who });
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await quote(token)).status);
    expect(statuses).toEqual([400, 400, 429]);
    expect((await quote(other)).status).toBe(400);
    expect((await send('GET', `${strict.url}/api/orders`, undefined, { token })).status).toBe(200);
  } finally {
    await strict.stop();
  }
});

test('without a merchant there are no orders, and everything else', async () => {
  const plain = await startIngress(shop, { accounts, env: shop.settings });
  try {
    const token = await login('o-plain');
    const order = await send('POST', `${plain.url}/api/orders`, basket, { token, key: newKey() });
    expect(order).toMatchObject({ status: 503, json: { error: 'not_configured' } });
    expect((await send('GET', `${plain.url}/api/orders/N00000000`, undefined, { token })).status).toBe(503);
    expect((await send('GET', `${plain.url}/api/goods`)).status).toBe(200);
  } finally {
    await plain.stop();
  }
});

test('Redis or Kafka away: try later, and it comes back', async () => {
  const [kafkaProxy, redisProxy] = [
    await tcpProxy(shop.env.KAFKA_BROKERS),
    await tcpProxy(new URL(shop.env.REDIS_URL).host),
  ];
  const env = {
    ...shop.settings,
    KAFKA_BROKERS: kafkaProxy.address,
    REDIS_URL: `redis://${redisProxy.address}`,
    OUTCOME_WAIT_MS: '1500',
  };
  const far = await startIngress(shop, { accounts, noticeKeys, env });
  try {
    const token = await login('o-far');
    const order = () => send('POST', `${far.url}/api/orders`, basket, { token, key: newKey() });
    expect((await order()).status).toBe(201);
    redisProxy.cut();
    expect(await order()).toMatchObject({ status: 503, json: { error: 'try_later' }, headers: { 'retry-after': '1' } });
    expect((await send('POST', `${far.url}/api/login`, { code: 'code-o-far' })).status).toBe(503);
    redisProxy.restore();
    await until(async () => (await order()).status === 201, 'Redis is back');
    kafkaProxy.cut();
    expect(await order()).toMatchObject({ status: 503, json: { error: 'try_later' } });
    kafkaProxy.restore();
    await until(async () => (await order()).status === 201, 'Kafka is back', 30_000);
  } finally {
    await far.stop();
    await kafkaProxy.stop();
    await redisProxy.stop();
  }
}, 90_000);

test('settings that are wrong stop the start', () => {
  const env = { ...shop.env, ...shop.settings, WECHAT_APP_ID: 'wx0', WECHAT_APP_SECRET: 's', WECHAT_TOKEN: 'token' };
  expect(() => config({ ...env, TILL_TOKEN: 'short' })).toThrow('TILL_TOKEN');
  expect(() => config({ ...env, GOODS_FILE: '/nowhere.json' })).toThrow('GOODS_FILE');
  expect(() => config({ ...env, PAYMENT_URL: 'payment:8082' })).toThrow('PAYMENT_URL');
  expect(() => config({ ...env, WECHAT_PAY_DIR: '/nowhere' })).toThrow('merchant.json');
});
