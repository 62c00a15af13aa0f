import { timestampMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { UnusableReason } from '@lingquan/events/coupon.ts';
import { OrderRefusalReason } from '@lingquan/events/payment.ts';
import { until } from '@lingquan/test-kit';
import type { Commanded } from '../shop.ts';
import { get as getText } from '../wechat.ts';
import {
  official,
  shop,
  ingress,
  parameters,
  orders,
  orderOf,
  takeOrders,
  post,
  get,
  login,
  newKey,
  basket,
  creates,
} from './desk.ts';

/** From the basket to what the client pays with, and how an order is seen afterwards. */
export function orderLife(): void {
  test('an order: commanded once with the prices of the list, answered with what the client pays with', async () => {
    const key = newKey();
    const token = await login('o-order');
    const before = Date.now();
    const answer = await post(
      '/api/orders',
      { ...basket, shop: '一店', couponCode: '001a-b0cd-efgh02' },
      { token, key },
    );
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
}
