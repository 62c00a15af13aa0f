import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { topics, uuidOf } from '@lingquan/events';
import { CouponAction, UnusableReason } from '@lingquan/events/coupon.ts';
import { CloseCause, OrderRefusalReason } from '@lingquan/events/payment.ts';
import { until } from '@lingquan/test-kit';
import {
  cancelOrder,
  couponDone,
  couponLocked,
  couponNotDone,
  couponReturnedExpired,
  createOrder,
  requestRefund,
  waiting,
} from './records.ts';
import { paymentSystem } from './system.ts';
import type { PaymentSystem } from './system.ts';
import { appid } from './wechat-pay.ts';

jest.setTimeout(60_000);

let system: PaymentSystem;
beforeAll(async () => void (system = await paymentSystem('orders')));
afterAll(() => system[Symbol.asyncDispose]());

const types = async (outTradeNo: string) =>
  (await system.events(outTradeNo)).map(({ type }) => type.slice('payment.'.length));
const actions = async (outTradeNo: string) => (await system.couponCommands(outTradeNo)).map(({ type }) => type);

test('an order without a coupon is answered, paid by the parameters we sign, and refunded in two parts', async () => {
  const outTradeNo = await system.ordered();
  const [reply] = await until(async () => {
    const found = await system.replies(outTradeNo);
    return found.length > 0 && found;
  }, 'the answer is there');
  expect(reply).toMatchObject({
    causeId: uuidOf('test', outTradeNo),
    partition: waiting.partition,
    key: waiting.instance,
    outcome: { case: 'order', value: { outcome: { case: 'ready', value: { totalFen: 8800n, payableFen: 8800n } } } },
  });
  expect(await system.paid(outTradeNo)).toMatchObject({
    paidFen: 8800,
    couponState: 'none',
    transactionId: expect.stringMatching(/^\d+$/),
  });
  expect(await system.ledger(outTradeNo)).toEqual({ wechat_pay: 8800, sales: -8800 });
  await system.wechatPay.settings({ refundDelayMs: null });
  const [first, second] = [`${outTradeNo}-1`, `${outTradeNo}-2`];
  await system.publish(requestRefund(outTradeNo, first, 3000), requestRefund(outTradeNo, second));
  await system.has(
    outTradeNo,
    'being refunded',
    ({ refunds }) => refunds.filter(({ state }) => state === 'processing').length === 2,
  );
  expect(await system.ledger(outTradeNo)).toEqual({
    wechat_pay: 8800,
    sales: -8800,
    sales_returns: 8800,
    refunds_payable: -8800,
  });
  await system.wechatPay.settle(first, 'success');
  await system.publish(await system.refundNotice(outTradeNo, first));
  await system.has(outTradeNo, 'refunded in part', ({ refundedFen }) => refundedFen === 3000);
  await system.wechatPay.settle(second, 'success'); // its notice is lost
  await system.hurry('query_refund', second);
  const order = await system.has(outTradeNo, 'refunded', ({ refundedFen }) => refundedFen === 8800);
  expect(order.refunds.map(({ refundFen, state }) => [refundFen, state])).toEqual([
    [3000, 'succeeded'],
    [5800, 'succeeded'],
  ]);
  expect(await system.ledger(outTradeNo)).toEqual({ sales: -8800, sales_returns: 8800 });
  expect(await types(outTradeNo)).toEqual([
    'order_created',
    'order_priced',
    'order_paid',
    'refund_requested',
    'refund_requested',
    'refund_succeeded',
    'refund_succeeded',
  ]);
  expect(await actions(outTradeNo)).toEqual([]);
  await system.wechatPay.settings({ refundDelayMs: 100 });
});

test('a coupon is locked, redeemed when the order is paid, and returned only with the last part of the money', async () => {
  const outTradeNo = await system.ordered({ couponCode: 'CODE1' });
  const [lock] = await system.couponCommands(outTradeNo);
  expect(lock).toMatchObject({
    id: uuidOf('coupon-command', outTradeNo, 'lock'),
    type: 'coupon.lock',
    command: { case: 'lockCoupon', value: { code: 'CODE1', outTradeNo, appid, openid: system.wechatPay.openid } },
  });
  expect((await fetch(`${system.url()}/orders/${outTradeNo}/payment`)).status).toBe(409);
  await system.publish(couponLocked(outTradeNo, 'CODE1', 2000));
  await system.ready(outTradeNo);
  expect(await system.order(outTradeNo)).toMatchObject({
    discountFen: 2000,
    payableFen: 6800,
    couponState: 'locked',
    lines: [{ sku: 'latte', discountFen: 2000 }],
  });
  await system.paid(outTradeNo);
  await system.publish(couponDone(outTradeNo, 'CODE1', 'redeemed'));
  await system.has(outTradeNo, 'redeemed', ({ couponState }) => couponState === 'redeemed');
  await system.publish(requestRefund(outTradeNo, `${outTradeNo}-1`, 800));
  await until(async () => {
    await system.rows(`update task set due_at = now() where kind = 'query_refund' and out_trade_no = $1`, [outTradeNo]);
    return (await system.order(outTradeNo)).refundedFen === 800;
  }, 'the first part is back');
  expect(await actions(outTradeNo)).toEqual(['coupon.lock', 'coupon.redeem']);
  await system.publish(requestRefund(outTradeNo, `${outTradeNo}-2`));
  await until(async () => {
    await system.rows(`update task set due_at = now() where kind = 'query_refund' and out_trade_no = $1`, [outTradeNo]);
    return (await system.order(outTradeNo)).refundedFen === 6800;
  }, 'everything is back');
  await system.publish(couponDone(outTradeNo, 'CODE1', 'returned'));
  await system.has(outTradeNo, 'returned', ({ couponState }) => couponState === 'returned');
  expect(await actions(outTradeNo)).toEqual(['coupon.lock', 'coupon.redeem', 'coupon.return']);
  expect(await system.ledger(outTradeNo)).toEqual({ sales: -8800, sales_returns: 8800 });
});

test('a coupon that cannot be used closes the order, and the answer says why', async () => {
  const outTradeNo = await system.ordered({ couponCode: 'CODE2' });
  await system.publish(couponNotDone(outTradeNo, 'CODE2', CouponAction.LOCK, UnusableReason.BELOW_THRESHOLD));
  await system.has(outTradeNo, 'closed', ({ state, closedCause }) => state === 'closed' && closedCause === 'coupon');
  const [reply] = await until(async () => {
    const found = await system.replies(outTradeNo);
    return found.length > 0 && found;
  }, 'the answer is there');
  expect(reply).toMatchObject({
    outcome: {
      value: {
        outcome: {
          case: 'refused',
          value: { reason: OrderRefusalReason.COUPON, coupon: { reason: UnusableReason.BELOW_THRESHOLD } },
        },
      },
    },
  });
  expect(await actions(outTradeNo)).toEqual(['coupon.lock']);
});

test('when the coupon pays for everything, WeChat Pay is not asked; given back, the coupon returns', async () => {
  const outTradeNo = await system.ordered({ couponCode: 'CODE3' });
  await system.publish(couponLocked(outTradeNo, 'CODE3', 8800));
  await system.has(outTradeNo, 'paid', ({ state, paidFen }) => state === 'paid' && paidFen === 0);
  await expect(system.wechatPay.order(outTradeNo)).rejects.toThrow('404');
  expect(await system.ledger(outTradeNo)).toEqual({ sales: -8800, coupon_discount: 8800 });
  await system.publish(requestRefund(outTradeNo, `${outTradeNo}-1`));
  await system.has(outTradeNo, 'returning', ({ couponState }) => couponState === 'returning');
  expect(await actions(outTradeNo)).toEqual(['coupon.lock', 'coupon.redeem', 'coupon.return']);
  expect(await system.ledger(outTradeNo)).toEqual({ sales: -8800, sales_returns: 8800 });
  await system.publish(couponReturnedExpired(outTradeNo, 'CODE3')); // it came back, but its time was over
  await system.has(outTradeNo, 'returned, expired', ({ couponState }) => couponState === 'returned_expired');
});

test('the same order said twice is one and answered the same; other contents under its number are refused', async () => {
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  const again = createOrder({ outTradeNo, openid: system.wechatPay.openid });
  const other = createOrder({
    outTradeNo,
    openid: system.wechatPay.openid,
    priceFen: 1,
    id: uuidOf('other', outTradeNo),
  });
  await system.publish(again, again, other);
  const replies = await until(async () => {
    const found = await system.replies(outTradeNo);
    return found.length === 4 && found;
  }, 'all are answered');
  const outcomes = replies.map(({ outcome }) => outcome.value as { outcome: { case: string; value: unknown } });
  expect(outcomes.map(({ outcome }) => outcome.case)).toEqual(['ready', 'ready', 'ready', 'refused']);
  expect(outcomes[1]).toEqual(outcomes[0]);
  expect(outcomes[3]!.outcome.value).toMatchObject({ reason: OrderRefusalReason.NUMBER_TAKEN });
  expect((await types(outTradeNo)).filter((type) => type === 'order_created')).toHaveLength(1);
  expect((await system.order(outTradeNo)).totalFen).toBe(8800);
});

test('a command that is repeated before there is an answer is the same command, also when prices were raised meanwhile', async () => {
  const outTradeNo = await system.ordered({ couponCode: 'CODE7' });
  const { openid } = system.wechatPay;
  const payUntilMs = Date.now() + 7_200_000;
  await system.publish(createOrder({ outTradeNo, openid, couponCode: 'CODE7', priceFen: 9900, payUntilMs }));
  await system.publish(couponLocked(outTradeNo, 'CODE7', 800));
  await system.ready(outTradeNo);
  const replies = await until(async () => {
    const found = await system.replies(outTradeNo);
    return found.length > 0 && found;
  }, 'it is answered');
  expect(replies.map(({ outcome }) => outcome.value)).toEqual([
    expect.objectContaining({ outcome: expect.objectContaining({ case: 'ready' }) }),
  ]);
  expect(await system.order(outTradeNo)).toMatchObject({ totalFen: 8800, payableFen: 8000 });
});

test('an order nobody pays is closed at its deadline, here and at WeChat Pay, and the coupon is free again', async () => {
  const outTradeNo = await system.ordered({ couponCode: 'CODE4', payUntilMs: Date.now() + 3000 });
  await system.publish(couponLocked(outTradeNo, 'CODE4', 100));
  const order = await system.has(outTradeNo, 'closed', ({ state }) => state === 'closed');
  expect(order).toMatchObject({ closedCause: 'time_out', couponState: 'releasing' });
  const there = await system.wechatPay.order(outTradeNo).catch(() => undefined);
  expect(there?.order.state ?? 'CLOSED').toBe('CLOSED');
  await system.publish(couponDone(outTradeNo, 'CODE4', 'released'));
  await system.has(outTradeNo, 'released', ({ couponState }) => couponState === 'released');
  expect(await actions(outTradeNo)).toEqual(['coupon.lock', 'coupon.release']);
  const closed = (await system.events(outTradeNo)).find(({ event }) => event.case === 'orderClosed');
  expect(closed?.event.value).toMatchObject({ cause: CloseCause.TIME_OUT });
  expect((await fetch(`${system.url()}/orders/${outTradeNo}/payment`)).status).toBe(409);
});

test('while the coupon is not answered for, the deadline ends the order too', async () => {
  const outTradeNo = await system.ordered({ couponCode: 'CODE5', payUntilMs: Date.now() + 3000 });
  await system.has(outTradeNo, 'closed', ({ state, closedCause }) => state === 'closed' && closedCause === 'time_out');
  await system.publish(couponLocked(outTradeNo, 'CODE5', 100)); // too late: the release is behind the lock on the issuer's topic
  const next = await system.ordered();
  expect((await system.order(outTradeNo)).state).toBe('closed');
  expect((await system.order(next)).state).toBe('unpaid');
  expect(await actions(outTradeNo)).toEqual(['coupon.lock', 'coupon.release']);
  const [reply] = await system.replies(outTradeNo);
  expect(reply).toMatchObject({
    outcome: { value: { outcome: { case: 'refused', value: { reason: OrderRefusalReason.CLOSED } } } },
  });
  // The issuer put the lock aside, so there was nothing to release: that is an end too.
  await system.publish(couponNotDone(outTradeNo, 'CODE5', CouponAction.RELEASE, UnusableReason.OTHER_ORDER));
  await system.has(outTradeNo, 'at its end', ({ couponState }) => couponState === 'released');
  expect(await system.rows('select 1 from task where out_trade_no = $1', [outTradeNo])).toEqual([]);
});

test('a cancelled order is closed at WeChat Pay; a paid one is not', async () => {
  const outTradeNo = await system.ordered();
  await system.publish(cancelOrder(outTradeNo));
  await system.has(outTradeNo, 'closed', ({ closedCause }) => closedCause === 'cancelled');
  expect((await system.wechatPay.order(outTradeNo)).order.state).toBe('CLOSED');
  const paid = await system.ordered();
  await system.paid(paid);
  await system.publish(cancelOrder(paid));
  const next = await system.ordered();
  await system.publish(cancelOrder(next));
  await system.has(next, 'closed', ({ state }) => state === 'closed');
  expect((await system.order(paid)).state).toBe('paid');
});

test('whoever pays while the order is being cancelled has paid, and the coupon is redeemed', async () => {
  const outTradeNo = await system.ordered({ couponCode: 'CODE6' });
  await system.publish(couponLocked(outTradeNo, 'CODE6', 800));
  await system.ready(outTradeNo);
  await system.pay(outTradeNo); // the notice is lost
  await system.publish(cancelOrder(outTradeNo));
  await system.has(outTradeNo, 'paid', ({ state, paidFen }) => state === 'paid' && paidFen === 8000);
  expect(await actions(outTradeNo)).toEqual(['coupon.lock', 'coupon.redeem']);
});

test('a payment whose notice was lost is found by asking', async () => {
  const outTradeNo = await system.ordered();
  await system.pay(outTradeNo);
  await system.hurry('query', outTradeNo);
  await system.has(outTradeNo, 'paid', ({ state, paidFen }) => state === 'paid' && paidFen === 8800);
  expect(await system.rows('select 1 from task where out_trade_no = $1', [outTradeNo])).toEqual([]);
});

test('an order WeChat Pay does not take is closed with its code', async () => {
  await system.wechatPay.breakWith({
    kind: 'error',
    code: 'PARAM_ERROR',
    status: 400,
    path: '/v3/pay/transactions/jsapi',
    times: 1,
  });
  const outTradeNo = system.newNumber();
  await system.publish(createOrder({ outTradeNo, openid: system.wechatPay.openid }));
  await until(async () => (await system.order(outTradeNo)).closedCause === 'platform', 'it is closed');
  const [reply] = await until(async () => {
    const found = await system.replies(outTradeNo);
    return found.length > 0 && found;
  }, 'the answer is there');
  expect(reply!.outcome).toMatchObject({
    value: {
      outcome: { case: 'refused', value: { reason: OrderRefusalReason.PLATFORM, platformCode: 'PARAM_ERROR' } },
    },
  });
});

test('an order that a gateway turns away stays open, and is taken at the next try', async () => {
  await system.wechatPay.breakWith({ kind: 'http', status: 403, path: '/v3/pay/transactions/jsapi', times: 1 });
  const outTradeNo = await system.ordered();
  expect(await system.wechatPay.faults()).toBe(0);
  await system.paid(outTradeNo);
});

test('a prepay whose answer was lost is made again with the same number', async () => {
  await system.wechatPay.breakWith({ kind: 'lost', when: 'after', path: '/v3/pay/transactions/jsapi', times: 1 });
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  expect(await system.ledger(outTradeNo)).toEqual({ wechat_pay: 8800, sales: -8800 });
});

test('an order whose prepay_id is about to end is prepared again when the payer asks', async () => {
  const outTradeNo = await system.ordered();
  const old = await system.get<{ package: string }>(`/orders/${outTradeNo}/payment`);
  await system.rows(`update merchant_order set prepared_at = now() - interval '111 minutes' where out_trade_no = $1`, [
    outTradeNo,
  ]);
  const fresh = await system.get<{ package: string }>(`/orders/${outTradeNo}/payment`);
  expect(fresh.package).not.toBe(old.package);
  await system.paid(outTradeNo);
});

test('a follower sees his orders, newest first, page by page', async () => {
  const openid = system.wechatPay.openid;
  const page = (cursor?: string) =>
    system.get<{ items: { outTradeNo: string; createdAt: string }[]; next: string | null }>(
      `/orders?appid=${appid}&openid=${openid}&limit=4${cursor === undefined ? '' : `&cursor=${cursor}`}`,
    );
  const seen: string[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next } = await page(cursor);
    seen.push(...items.map(({ createdAt }) => createdAt));
    if (next === null) break;
    cursor = next;
  }
  const [{ count }] = (await system.rows<{ count: string }>('select count(*) from merchant_order')) as [
    { count: string },
  ];
  expect(seen).toHaveLength(Number(count));
  expect(seen).toEqual(seen.toSorted().toReversed());
  expect((await fetch(`${system.url()}/orders?appid=${appid}`)).status).toBe(400);
  expect((await fetch(`${system.url()}/orders?appid=a&openid=b&limit=0`)).status).toBe(400);
  expect((await fetch(`${system.url()}/orders?appid=a&openid=b&cursor=!`)).status).toBe(400);
  expect((await fetch(`${system.url()}/orders/T-none-such`)).status).toBe(404);
});

test('the platform certificates are public', async () => {
  const { certificates } = await system.get<{ certificates: { serialNo: string; pem: string; expiresAt: string }[] }>(
    '/platform-keys',
  );
  expect(certificates).toEqual([
    expect.objectContaining({
      serialNo: expect.stringMatching(/^[0-9A-F]+$/),
      pem: expect.stringContaining('BEGIN CERTIFICATE'),
    }),
  ]);
  expect(Date.parse(certificates[0]!.expiresAt)).toBeGreaterThan(Date.now());
  expect(await system.metric('lingquan_certificate_days{of="platform"')).toMatch(/ \d+/);
  expect(await system.metric('lingquan_orders_open{state="unpaid"}')).toMatch(/ \d+/);
});

test('what cannot be read is put aside, and the next is taken', async () => {
  const outTradeNo = system.newNumber();
  const good = createOrder({ outTradeNo, openid: system.wechatPay.openid });
  await system.publish(
    { ...good, value: Buffer.from('no protobuf') },
    createOrder({ outTradeNo: 'T|12345', openid: 'o' }),
    createOrder({ outTradeNo, openid: system.wechatPay.openid, priceFen: 2_000_000_000 }),
    good,
  );
  await system.ready(outTradeNo);
  const letters = await system.said(`${topics.paymentCommands.name}.dlq`);
  expect(letters.map(({ headers }) => String(headers['dlq-reason']))).toEqual([
    expect.stringContaining('PaymentCommand'),
    expect.stringContaining('out_trade_no'),
    expect.stringContaining('the order'),
  ]);
});
