import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { topics, uuidOf } from '@lingquan/events';
import { CouponKind, UnusableReason } from '@lingquan/events/coupon.ts';
import { until } from '@lingquan/test-kit';
import { openShop, send, TILL_TOKEN } from './shop.ts';
import type { Commanded, Outcome, Shop } from './shop.ts';
import { startIngress } from './system.ts';
import { tcpProxy } from './tcp-proxy.ts';

const CODE = '001AB0CDEFGH02';
const at = Date.parse('2026-11-21T02:00:00Z');

let shop: Shop;
let ingress: Awaited<ReturnType<typeof startIngress>>;

beforeAll(async () => {
  shop = await openShop('till');
  ingress = await startIngress(shop, { env: { ...shop.settings, OUTCOME_WAIT_MS: '1500' } });
}, 60_000);

afterAll(async () => {
  await ingress?.stop();
  await shop?.remove();
}, 60_000);

const redeemed = (discountFen = 500n): Outcome => ({
  case: 'redemption',
  value: {
    code: CODE,
    campaignId: 'autumn',
    campaignName: '秋日礼遇',
    value: { kind: CouponKind.AMOUNT, valueFen: 500n },
    outcome: {
      case: 'redeemed',
      value: { discount: { totalFen: discountFen, lineFen: [] }, at: timestampFromMs(at) },
    },
  },
});
const refused = (reason: UnusableReason, more: { missingFen?: bigint; atMs?: bigint } = {}): Outcome => ({
  case: 'redemption',
  value: { code: CODE, outcome: { case: 'refused', value: { reason, ...more } } },
});

beforeEach(() => {
  shop.decide = () => redeemed();
});

let keysMade = 0;
const request = (changes: Record<string, unknown> = {}) => ({
  code: CODE,
  shop: '一店',
  cashier: 'Li',
  idempotencyKey: `till-${String(++keysMade).padStart(8, '0')}`,
  ...changes,
});
const redeem = (body: unknown, token: string | undefined = TILL_TOKEN, url = ingress.url) =>
  send('POST', `${url}/redemptions`, body, { token });
const commandOf = (idempotencyKey: string) => {
  const id = uuidOf('redemption', '一店', idempotencyKey);
  return shop.commanded.filter(({ envelope }) => envelope.id === id);
};

test('a code is redeemed: commanded for the shop, answered in words', async () => {
  const body = request({ amountFen: 6400 });
  expect(await redeem(body)).toMatchObject({
    status: 200,
    json: {
      outcome: 'redeemed',
      code: CODE,
      campaignName: '秋日礼遇',
      kind: 'amount',
      worthFen: 500,
      at: '2026-11-21T02:00:00.000Z',
      message: '核销成功：秋日礼遇，立减5元\n本次优惠 5 元',
    },
  });
  expect(commandOf(body.idempotencyKey)).toMatchObject([
    {
      topic: topics.couponCommands.name,
      key: '一店',
      envelope: { type: 'coupon.redeem', source: 'ingress' },
      command: {
        case: 'redeemCoupon',
        value: {
          code: CODE,
          by: {
            case: 'till',
            value: { shop: '一店', cashier: 'Li', basket: { shop: '一店', amountFen: 6400n, lines: [] } },
          },
        },
      },
    },
  ]);
});

test('a scanned QR code and a typed code are the same code', async () => {
  const { code: _, ...scanned } = request({ qr: `lingquan:coupon:${CODE}` });
  expect((await redeem(scanned)).status).toBe(200);
  expect(commandOf(scanned.idempotencyKey)[0]!.command.value).toMatchObject({ code: CODE });
  const typed = request({ code: ' 001a-b0cd-efgh-02 ' });
  await redeem(typed);
  expect(commandOf(typed.idempotencyKey)[0]!.command.value).toMatchObject({ code: CODE });
});

test('lines are priced from the list, or by the till, who takes the money', async () => {
  const body = request({
    lines: [
      { sku: 'latte', quantity: 2 },
      { sku: 'tea', name: '茶', category: 'drinks', unitPriceFen: 1500, quantity: 1 },
    ],
  });
  await redeem(body);
  expect(commandOf(body.idempotencyKey)[0]!.command.value).toMatchObject({
    by: {
      value: {
        basket: {
          lines: [
            { sku: 'latte', category: 'coffee', unitPriceFen: 2800n, quantity: 2 },
            { sku: 'tea', name: '茶', category: 'drinks', unitPriceFen: 1500n, quantity: 1 },
          ],
        },
      },
    },
  });
});

test('with the sum not said, it is worth what the coupon says', async () => {
  shop.decide = () => redeemed(0n);
  const { json } = await redeem(request());
  expect(json).toMatchObject({ worthFen: 500, message: '核销成功：秋日礼遇，立减5元' });
});

test.each([
  [UnusableReason.UNKNOWN_CODE, {}, { reason: 'unknown_code', message: '没有这个券码，请核对后再试。' }],
  [
    UnusableReason.BELOW_THRESHOLD,
    { missingFen: 1250n },
    { reason: 'below_threshold', missingFen: 1250, message: '还差 12.5 元就能用这张券了。' },
  ],
  [
    UnusableReason.REDEEMED,
    { atMs: BigInt(at) },
    { reason: 'redeemed', at: '2026-11-21T02:00:00.000Z', message: expect.stringContaining('用过了') },
  ],
  [UnusableReason.AMOUNT_NEEDED, {}, { reason: 'amount_needed', message: expect.stringContaining('金额') }],
  [99 as UnusableReason, {}, { reason: 'unspecified', message: '这张券现在不能使用。' }],
])('a refusal is an answer, in words: %s', async (reason, more, json) => {
  shop.decide = () => refused(reason, more);
  expect(await redeem(request())).toMatchObject({ status: 200, json: { outcome: 'refused', ...json } });
});

test('late: 202, and the same key asked again gets the answer', async () => {
  const body = request();
  shop.decide = () => undefined;
  expect(await redeem(body)).toMatchObject({
    status: 202,
    json: { state: 'pending', idempotencyKey: body.idempotencyKey },
  });
  shop.decide = () => redeemed();
  expect(await redeem(body)).toMatchObject({ status: 200, json: { outcome: 'redeemed' } });
  expect(commandOf(body.idempotencyKey)).toHaveLength(2); // the same id: the issuer answers it again
});

test('the same key stands for its first code', async () => {
  const body = request();
  const held: Commanded[] = [];
  shop.decide = (commanded) => void held.push(commanded);
  const first = redeem(body);
  await until(() => held.length === 1, 'the first is commanded');
  const second = redeem({ ...body, code: '002ZZZZZZZZZ11' });
  expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([202, 202]);
  expect(held).toHaveLength(1);
  shop.decide = () => redeemed();
  await redeem({ ...body, code: '002ZZZZZZZZZ11' });
  expect(new Set(commandOf(body.idempotencyKey).map(({ envelope }) => envelope.id)).size).toBe(1);
});

test.each([undefined, '', 'wrong', `${TILL_TOKEN}x`, TILL_TOKEN.slice(0, -1)])(
  '401 for the token %j',
  async (token) => {
    const before = shop.commanded.length;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await send('POST', `${ingress.url}/redemptions`, request(), { headers });
    expect(answer).toMatchObject({ status: 401, json: { error: 'till_unknown' } });
    expect(shop.commanded.length).toBe(before);
  },
);

test('who has no token is refused before a body is read', async () => {
  const answer = await redeem('x'.repeat(200_000), 'wrong');
  expect(answer.status).toBe(401);
  expect((await redeem('x'.repeat(200_000))).status).toBe(413);
});

test.each([
  ['no code', { code: undefined }],
  ['code and qr', { qr: `lingquan:coupon:${CODE}` }],
  ['no shop', { shop: '' }],
  ['no cashier', { cashier: undefined }],
  ['a short key', { idempotencyKey: 'short' }],
  ['a key with a blank', { idempotencyKey: 'key with blank' }],
  ['sum and lines', { amountFen: 1, lines: [{ sku: 'latte', quantity: 1 }] }],
  ['half a fen', { amountFen: 1.5 }],
  ['a negative sum', { amountFen: -1 }],
  ['a negative price', { lines: [{ sku: 'x', unitPriceFen: -1, quantity: 1 }] }],
  ['goods nobody priced', { lines: [{ sku: 'gold', quantity: 1 }] }],
  ['a field nobody knows', { worthFen: 1 }],
  ['no code at all', { code: '优惠券券码' }],
])('400 for %s', async (_, changes) => {
  const before = shop.commanded.length;
  expect((await redeem(request(changes))).status).toBe(400);
  expect(shop.commanded.length).toBe(before);
});

test('without TILL_TOKEN there are no tills', async () => {
  const { TILL_TOKEN: _, ...env } = shop.settings;
  const plain = await startIngress(shop, { env });
  try {
    expect(await redeem(request(), 'undefined', plain.url)).toMatchObject({
      status: 503,
      json: { error: 'not_configured' },
    });
    expect((await redeem(request(), TILL_TOKEN, plain.url)).status).toBe(503);
  } finally {
    await plain.stop();
  }
});

test('more than may be under way are asked to try later', async () => {
  shop.decide = () => undefined;
  const narrow = await startIngress(shop, { env: { ...shop.settings, INGRESS_ASKS_MAX: '2', OUTCOME_WAIT_MS: '500' } });
  try {
    const statuses = await Promise.all([1, 2, 3, 4].map(() => redeem(request(), TILL_TOKEN, narrow.url)));
    expect(statuses.map(({ status }) => status).toSorted()).toEqual([202, 202, 503, 503]);
    expect((await redeem(request(), TILL_TOKEN, narrow.url)).status).toBe(202);
  } finally {
    await narrow.stop();
  }
});

test('Kafka frozen: 503, not a promise', async () => {
  const proxy = await tcpProxy(shop.env.KAFKA_BROKERS);
  const env = { ...shop.settings, KAFKA_BROKERS: proxy.address, OUTCOME_WAIT_MS: '1000' };
  const far = await startIngress(shop, { env });
  try {
    proxy.freeze();
    expect(await redeem(request(), TILL_TOKEN, far.url)).toMatchObject({ status: 503, json: { error: 'try_later' } });
    proxy.restore();
    await until(async () => (await redeem(request(), TILL_TOKEN, far.url)).status === 200, 'it works again', 30_000);
  } finally {
    await far.stop();
    await proxy.stop();
  }
}, 60_000);
