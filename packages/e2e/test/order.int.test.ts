import { expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { requireCleanAudit } from '../src/audit.ts';
import { codeIn, loggedEvents, say } from '../src/chat.ts';
import { createCampaign } from '../src/lingquan.ts';
import { openShop, payFault, paySettings, redeem } from '../src/shop.ts';
import type { Order } from '../src/shop.ts';
import { startSystem } from '../src/system.ts';
import type { System } from '../src/system.ts';

jest.setTimeout(180_000);

/** A follower with a coupon of 5 yuan, in the shop with two of the first goods in the cart. */
async function customer(system: System, openid: string) {
  const code = codeIn(await say(system, openid))!;
  expect(code).toBeDefined();
  const shop = await openShop(system, openid);
  const [goods] = await shop.goods();
  const cart = { lines: [{ sku: goods!.sku, quantity: 2 }] };
  return { code, shop, cart, totalFen: 2 * goods!.priceFen };
}

const typesOf = async (system: System, code: string) =>
  (await loggedEvents(system, { code })).map(({ type }) => type).filter((type) => type.startsWith('coupon.'));

test.each(['v3', 'v2'])(
  'WeChat Pay %s: ordered with a coupon, paid, refunded in two parts; the coupon is used and comes back with the last',
  async (WECHAT_PAY_API) => {
    await using system = await startSystem(`order-${WECHAT_PAY_API}`, {
      WECHAT_PAY_API,
      PAYMENT_REFUND_GAP_SECONDS: '0',
    });
    await createCampaign(system.env, { stock: 5 });
    const { code, shop, cart, totalFen } = await customer(system, 'oAda');

    const placed = await shop.order({ ...cart, couponCode: code }, 'order-0001');
    expect(placed).toMatchObject({
      status: 201,
      body: { order: { totalFen, discountFen: 500, payableFen: totalFen - 500 } },
    });
    const { outTradeNo } = placed.body.order;
    const again = await shop.order({ ...cart, couponCode: code }, 'order-0001');
    expect(again.body.order.outTradeNo).toBe(outTradeNo); // the same key is the same order
    expect(await shop.order({ ...cart, couponCode: code }, 'order-0002')).toMatchObject({
      status: 409,
      body: { reason: 'locked' },
    });
    expect(await redeem(system, { code, shop: 's1', cashier: 'c1', idempotencyKey: 'till-0001' })).toMatchObject({
      status: 200,
      body: { outcome: 'refused', reason: 'locked' },
    });

    await shop.pay(placed.body.payment!);
    await shop.until(outTradeNo, ({ state, couponState }) => state === 'paid' && couponState === 'redeemed', 'paid');
    expect(await shop.coupons('used')).toMatchObject([{ code }]);

    const part = 300;
    expect(await shop.refund(outTradeNo, { refundFen: part }, 'refund-0001')).toMatchObject({ status: 202 });
    await shop.refund(outTradeNo, { refundFen: part }, 'refund-0001');
    const partly = await shop.until(outTradeNo, ({ refundedFen }) => refundedFen > 0, 'the first part is refunded');
    expect(partly).toMatchObject({ refundedFen: part, couponState: 'redeemed' });
    expect(await shop.refund(outTradeNo, {}, 'refund-0002')).toMatchObject({ status: 202 }); // the rest
    await shop.until(outTradeNo, ({ couponState }) => couponState === 'returned', 'the coupon came back');
    expect(await shop.show(outTradeNo)).toMatchObject({ refundedFen: totalFen - 500 });
    expect(await shop.coupons('usable')).toMatchObject([{ code }]);

    expect(
      await redeem(system, { code, shop: 's1', cashier: 'c1', idempotencyKey: 'till-0002', amountFen: 2000 }),
    ).toMatchObject({ status: 200, body: { outcome: 'redeemed', worthFen: 500 } });
    const expected = ['claimed', 'locked', 'use_refused', 'use_refused', 'redeemed', 'returned', 'redeemed'];
    await until(
      async () => (await typesOf(system, code)).length === expected.length,
      `the log has ${expected.length} events of the coupon`,
    );
    expect(await typesOf(system, code)).toEqual(expected.map((name) => `coupon.${name}`));
    await requireCleanAudit(system);
  },
);

test('notices lost, doubled, tampered with and out of order: every payment is found once, every refund once', async () => {
  await using system = await startSystem('notices');
  await createCampaign(system.env, { stock: 50 });
  await paySettings(system, { noticeIntervalMs: 200, refundDelayMs: 0 });
  await payFault(system, { on: 'notice', kind: 'dropped', chance: 0.3 });
  await payFault(system, { on: 'notice', kind: 'doubled', chance: 0.3 });
  await payFault(system, { on: 'notice', kind: 'tampered', chance: 0.2 });
  await payFault(system, { on: 'notice', kind: 'delayed', ms: 1500, chance: 0.3 });
  await payFault(system, { on: 'pay', kind: 'lost', when: 'after', chance: 0.1 });

  const buy = async (n: number): Promise<Order> => {
    const { code, shop, cart } = await customer(system, `oBuyer${n}`);
    const key = `order-of-${n}`;
    let placed = await shop.order({ ...cart, couponCode: code }, key);
    const { outTradeNo } = placed.body.order;
    while (placed.body.payment === undefined) {
      await shop.until(outTradeNo, ({ state }) => state !== 'locking', 'the coupon is held');
      placed = await shop.order({ ...cart, couponCode: code }, key);
    }
    await shop.pay(placed.body.payment);
    await shop.until(outTradeNo, ({ couponState }) => couponState === 'redeemed', 'the payment is found');
    if (n % 2 === 0) return shop.show(outTradeNo);
    await shop.refund(outTradeNo, {}, `refund-of-${n}`);
    return shop.until(outTradeNo, ({ couponState }) => couponState === 'returned', 'the refund is found');
  };
  const orders = await Promise.all(Array.from({ length: 12 }, (_, n) => buy(n)));
  for (const { state, paidFen, payableFen } of orders) expect([state, paidFen]).toEqual(['paid', payableFen]);
  expect(orders.filter(({ refundedFen, paidFen }) => refundedFen === paidFen)).toHaveLength(6);
  await requireCleanAudit(system);
});

test('an order nobody pays is closed when its time is over, and its coupon is free again', async () => {
  await using system = await startSystem('unpaid');
  await createCampaign(system.env, { stock: 5 });
  const { code, shop, cart } = await customer(system, 'oLate');
  const placed = await shop.order({ ...cart, couponCode: code }, 'order-0001');
  const { outTradeNo } = placed.body.order;
  await shop.post(`/orders/${outTradeNo}/cancel`, {});
  await shop.until(outTradeNo, ({ state }) => state === 'closed', 'the order is closed');
  await until(async () => (await shop.coupons('usable')).some((coupon) => coupon.code === code), 'the coupon is free');
  expect((await shop.pay(placed.body.payment!)).status).toBe(409);
  await requireCleanAudit(system);
});
