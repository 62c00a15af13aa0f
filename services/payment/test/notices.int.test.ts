import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { CouponAction, UnusableReason } from '@lingquan/events/coupon.ts';
import { RefundRefusalReason } from '@lingquan/events/payment.ts';
import { readMerchant } from '@lingquan/merchant';
import { until } from '@lingquan/test-kit';
import { connectWechatPay } from '@lingquan/wechat-pay-api';
import { Registry } from 'prom-client';
import { beijingDate } from '../src/domain/schedule.ts';
import { cancelOrder, couponLocked, couponNotDone, notification, requestRefund, resolveIncident } from './records.ts';
import { paymentSystem } from './system.ts';
import type { PaymentSystem } from './system.ts';

jest.setTimeout(60_000);

let system: PaymentSystem;
beforeAll(async () => {
  system = await paymentSystem('notices');
  await system.wechatPay.settings({ refundDelayMs: null });
});
afterAll(() => system[Symbol.asyncDispose]());

const kinds = async (outTradeNo: string) => (await system.incidents(outTradeNo)).map(({ kind }) => kind);
const incident = (outTradeNo: string, kind: string) =>
  until(async () => (await system.incidents(outTradeNo)).find((one) => one.kind === kind), `there is ${kind}`);

test('a notice is applied once, however often and late it comes', async () => {
  const outTradeNo = await system.ordered();
  await system.pay(outTradeNo);
  const notice = await system.paidNotice(outTradeNo);
  await system.publish(notice, notice, await system.paidNotice(outTradeNo));
  await system.has(outTradeNo, 'paid', ({ state }) => state === 'paid');
  await system.publish(notice, requestRefund(outTradeNo, `${outTradeNo}-1`, 800));
  await system.has(outTradeNo, 'being refunded', ({ refunds }) => refunds[0]?.state === 'processing');
  const processing = await system.refundNotice(outTradeNo, `${outTradeNo}-1`);
  await system.wechatPay.settle(`${outTradeNo}-1`, 'success');
  const success = await system.refundNotice(outTradeNo, `${outTradeNo}-1`);
  await system.publish(success, success);
  await system.has(outTradeNo, 'refunded', ({ refundedFen }) => refundedFen === 800);
  const abnormal = await system.refundNotice(outTradeNo, `${outTradeNo}-1`, { status: 'ABNORMAL' });
  await system.publish(processing, abnormal, notice, success);
  const next = await system.ordered();
  await system.publish(await system.paidNotice(next, { mchid: 'last' }));
  await incident(next, 'foreign_merchant'); // everything before it was taken
  expect(await system.order(outTradeNo)).toMatchObject({
    state: 'paid',
    refundedFen: 800,
    refunds: [{ state: 'succeeded' }],
  });
  expect(await system.ledger(outTradeNo)).toEqual({ wechat_pay: 8000, sales: -8800, sales_returns: 800 });
  expect(await kinds(outTradeNo)).toEqual([]);
  const types = (await system.events(outTradeNo)).map(({ type }) => type);
  expect(types.filter((type) => type === 'payment.order_paid')).toHaveLength(1);
  expect(types.filter((type) => type === 'payment.refund_succeeded')).toHaveLength(1);
});

test.each([
  ['another sum', { totalFen: 1n }, 'amount_differs'],
  ['another currency', { currency: 'USD' }, 'amount_differs'],
  ['another merchant', { mchid: '1900000000' }, 'foreign_merchant'],
  ['another appid', { appid: 'wxffffffffffffffff' }, 'foreign_appid'],
])('a notice of %s is an incident, once, and changes no money', async (_, differs, kind) => {
  const outTradeNo = await system.ordered();
  const notice = await system.paidNotice(outTradeNo, { transactionId: '42', ...differs });
  await system.publish(notice, notice);
  const found = await incident(outTradeNo, kind);
  expect(JSON.stringify(found)).not.toContain(system.wechatPay.openid);
  expect((await system.order(outTradeNo)).state).toBe('unpaid');
  expect(await system.ledger(outTradeNo)).toEqual({});
  await system.publish(resolveIncident(outTradeNo, found.incidentId), resolveIncident(outTradeNo, found.incidentId));
  await until(async () => (await system.incidents(outTradeNo))[0]!.note === '已处理', 'it is resolved');
  await system.paid(outTradeNo); // and the real payment is taken all the same
  const types = (await system.events(outTradeNo)).map(({ type }) => type);
  expect(types.filter((type) => type.startsWith('payment.incident'))).toEqual([
    'payment.incident_found',
    'payment.incident_resolved',
  ]);
});

test('a payment of an order nobody knows, and a second payment of one, are incidents', async () => {
  const unknown = system.newNumber();
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  const second = await system.paidNotice(outTradeNo, { transactionId: '4299999999' });
  await system.publish(
    second,
    notification(unknown, {
      case: 'transaction',
      value: {
        mchid: system.wechatPay.mchid,
        outTradeNo: unknown,
        transactionId: '7',
        tradeState: 'SUCCESS',
        totalFen: 5n,
        currency: 'CNY',
      },
    }),
  );
  await incident(unknown, 'order_unknown');
  const third = await system.ordered();
  const { transactionId } = await system.order(outTradeNo);
  await system.publish(await system.paidNotice(third, { transactionId }));
  await incident(third, 'transaction_taken');
  expect((await system.order(third)).state).toBe('unpaid');
  expect(await kinds(outTradeNo)).toEqual(['second_transaction']);
  expect(await system.ledger(outTradeNo)).toEqual({ wechat_pay: 8800, sales: -8800 });
});

test('two orders paid with one transaction_id at the same time: one has it, the other is an incident, and no notice is put aside', async () => {
  const [mine, other] = [await system.ordered(), await system.ordered()];
  const transactionId = `4200${Date.now()}`;
  const rival = await system.connect(); // as another process would, in a transaction that is still open
  await rival.query('begin');
  await rival.query('update merchant_order set transaction_id = $1 where out_trade_no = $2', [transactionId, other]);
  await system.publish(await system.paidNotice(mine, { transactionId }));
  await until(async () => {
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return (await system.rows(waiting)).length > 0;
  }, 'payment waits for the other transaction');
  await rival.query('commit');
  expect((await incident(mine, 'transaction_taken')).evidence).toMatchObject({ transactionId, heldBy: other });
  expect((await system.order(mine)).state).toBe('unpaid');
  expect(await system.said(`${topics.paymentNotifications.name}.dlq`)).toEqual([]);
  await rival.end();
});

test('a refund notice with other numbers than ours is an incident; the refund goes on', async () => {
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  const no = `${outTradeNo}-1`;
  await system.publish(requestRefund(outTradeNo, no, 3000));
  await system.has(outTradeNo, 'being refunded', ({ refunds }) => refunds[0]?.state === 'processing');
  await system.publish(await system.refundNotice(outTradeNo, no, { refundFen: 8800n, status: 'SUCCESS' }));
  await incident(outTradeNo, 'refund_differs');
  expect((await system.order(outTradeNo)).refundedFen).toBe(0);
  await system.wechatPay.settle(no, 'success');
  await system.publish(await system.refundNotice(outTradeNo, no));
  await system.has(outTradeNo, 'refunded', ({ refundedFen }) => refundedFen === 3000);
});

test('a refund that failed leaves the money for another number; an abnormal one may still succeed', async () => {
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  const [first, second] = [`${outTradeNo}-1`, `${outTradeNo}-2`];
  await system.publish(requestRefund(outTradeNo, first));
  await system.has(outTradeNo, 'being refunded', ({ refunds }) => refunds[0]?.state === 'processing');
  await system.wechatPay.settle(first, 'closed');
  await system.hurry('query_refund', first);
  await system.has(outTradeNo, 'not refunded', ({ refunds }) => refunds[0]?.state === 'closed');
  await incident(outTradeNo, 'refund_failed');
  await system.publish(requestRefund(outTradeNo, second));
  await system.has(outTradeNo, 'being refunded', ({ refunds }) => refunds[1]?.state === 'processing');
  await system.wechatPay.settle(second, 'abnormal');
  await system.hurry('query_refund', second);
  await incident(outTradeNo, 'refund_abnormal');
  await system.wechatPay.settle(second, 'success');
  await system.publish(await system.refundNotice(outTradeNo, second));
  await system.has(outTradeNo, 'refunded', ({ refundedFen }) => refundedFen === 8800);
  expect(await system.ledger(outTradeNo)).toEqual({ sales: -8800, sales_returns: 8800 });
});

test('refunds that cannot be are refused: unpaid, too much, a number that is taken', async () => {
  const unpaid = await system.ordered();
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  await system.publish(
    requestRefund(unpaid, `${unpaid}-1`),
    requestRefund(outTradeNo, `${outTradeNo}-1`, 8801),
    requestRefund(outTradeNo, `${outTradeNo}-2`, 800),
    requestRefund(outTradeNo, `${outTradeNo}-2`, 800),
    requestRefund(unpaid, `${outTradeNo}-2`, 800),
    requestRefund('T-none-such', 'R-none-such'),
  );
  const outcomes = async (no: string) =>
    (await system.replies(no)).flatMap(({ outcome }): unknown[] => {
      if (outcome.case !== 'refund') return [];
      const answer = outcome.value.outcome;
      return [answer.case === 'refused' ? answer.value.reason : answer.case];
    });
  await until(async () => (await outcomes('T-none-such')).length === 1, 'all are answered');
  expect(await outcomes('T-none-such')).toEqual([RefundRefusalReason.ORDER_UNKNOWN]);
  expect(await outcomes(unpaid)).toEqual([RefundRefusalReason.NOT_PAID, RefundRefusalReason.NUMBER_TAKEN]);
  expect(await outcomes(outTradeNo)).toEqual([RefundRefusalReason.TOO_MUCH, 'taken', 'taken']);
});

test('too small a balance is an incident, and the same refund goes through once there is enough', async () => {
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  const no = `${outTradeNo}-1`;
  await system.wechatPay.settings({ balanceFen: 1 });
  await system.publish(requestRefund(outTradeNo, no));
  await incident(outTradeNo, 'balance_short');
  await system.wechatPay.settings({ balanceFen: null });
  await system.hurry('refund', no);
  await system.has(outTradeNo, 'being refunded', ({ refunds }) => refunds[0]?.state === 'processing');
  expect((await system.wechatPay.order(outTradeNo)).refunds).toHaveLength(1);
});

test('a refund that is refused for good is closed with the code, unless WeChat Pay took it before', async () => {
  const path = '/v3/refund/domestic/refunds';
  const refused = { kind: 'error', code: 'USER_ACCOUNT_ABNORMAL', status: 403, path, times: 1 };
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  await system.wechatPay.breakWith(refused);
  await system.publish(requestRefund(outTradeNo, `${outTradeNo}-1`, 800));
  await system.has(outTradeNo, 'refused', ({ refunds }) => refunds[0]?.why === 'USER_ACCOUNT_ABNORMAL');
  await incident(outTradeNo, 'refund_failed');
  expect(await system.ledger(outTradeNo)).toEqual({ wechat_pay: 8800, sales: -8800 });
  await system.wechatPay.breakWith({ ...refused, when: 'after' });
  await system.publish(requestRefund(outTradeNo, `${outTradeNo}-2`, 800));
  await system.has(outTradeNo, 'taken all the same', ({ refunds }) => refunds[1]?.state === 'processing');
});

test('a refund that a gateway turns away is not failed by it', async () => {
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  const no = `${outTradeNo}-1`;
  await system.wechatPay.breakWith({ kind: 'http', status: 403, path: '/v3/refund/domestic/refunds', times: 1 });
  await system.publish(requestRefund(outTradeNo, no, 800));
  await until(async () => {
    await system.rows(`update task set due_at = now() where kind = 'refund' and key = $1 and attempts > 0`, [no]);
    return (await system.order(outTradeNo)).refunds[0]?.state === 'processing';
  }, 'it was asked for again');
  expect((await system.wechatPay.order(outTradeNo)).refunds).toHaveLength(1);
});

test('an open order whose calls were lost gets them again', async () => {
  const outTradeNo = await system.ordered();
  await system.rows('delete from task where out_trade_no = $1', [outTradeNo]);
  await system.startAnother(); // mends as it starts
  await until(
    async () => (await system.rows(`select 1 from task where kind = 'close' and key = $1`, [outTradeNo])).length === 1,
    'it will be closed in time',
  );
  await system.paid(outTradeNo);
  expect(await system.rows('select 1 from task where out_trade_no = $1', [outTradeNo])).toEqual([]);
});

test('a refund whose answer was lost is not made twice', async () => {
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  const no = `${outTradeNo}-1`;
  await system.wechatPay.breakWith({ kind: 'lost', when: 'after', path: '/v3/refund/domestic/refunds', times: 1 });
  await system.publish(requestRefund(outTradeNo, no, 3000));
  await until(async () => (await system.wechatPay.faults()) === 0, 'the call was made');
  await until(async () => {
    await system.rows(`update task set due_at = now() where kind = 'refund' and key = $1 and attempts > 0`, [no]);
    return (await system.order(outTradeNo)).refunds[0]?.state === 'processing';
  }, 'it was made again');
  expect((await system.wechatPay.order(outTradeNo)).refunds).toHaveLength(1);
});

test('a refund made in the console is told before the payment: both are asked about, booked, and shown to a person', async () => {
  const outTradeNo = await system.ordered();
  await system.pay(outTradeNo); // its notice is late
  const console = connectWechatPay({
    merchant: readMerchant(system.env)!,
    baseUrl: system.wechatPay.url,
    log: system.log,
    metrics: new Registry(),
  });
  const outRefundNo = `${outTradeNo}-console`;
  const notifyUrl = `${system.wechatPay.notifyUrl}/pay/v3/notify`;
  expect(
    await console.refund({ outTradeNo, outRefundNo, refundFen: 800, totalFen: 8800, reason: '', notifyUrl }),
  ).toMatchObject({ kind: 'ok' });
  await system.wechatPay.settle(outRefundNo, 'success');
  await system.publish(await system.refundNotice(outTradeNo, outRefundNo));
  await until(async () => {
    await system.rows(`update task set due_at = now() where kind = 'query_refund' and key = $1`, [outRefundNo]);
    return (await system.order(outTradeNo)).refundedFen === 800;
  }, 'both are applied');
  await system.publish(await system.paidNotice(outTradeNo));
  await system.publish(await system.refundNotice(outTradeNo, outRefundNo));
  expect(await system.order(outTradeNo)).toMatchObject({ state: 'paid', paidFen: 8800 });
  expect(await kinds(outTradeNo)).toEqual(['refund_not_ours']);
  expect(await system.ledger(outTradeNo)).toEqual({ wechat_pay: 8000, sales: -8800, sales_returns: 800 });
  await console.stop();
});

test('a refund notice that was never true is an incident', async () => {
  const outTradeNo = await system.ordered();
  await system.paid(outTradeNo);
  await system.publish(await system.refundNotice(outTradeNo, 'R-never', { status: 'SUCCESS' }));
  await incident(outTradeNo, 'refund_unknown');
  expect((await system.order(outTradeNo)).refundedFen).toBe(0);
});

test('money that comes for a closed order is recorded, and a coupon that is gone is an incident', async () => {
  const outTradeNo = await system.ordered({ couponCode: 'CODE1' });
  await system.publish(couponLocked(outTradeNo, 'CODE1', 800));
  await system.ready(outTradeNo);
  await system.publish(cancelOrder(outTradeNo));
  await system.has(outTradeNo, 'closed', ({ state }) => state === 'closed');
  await system.publish(await system.paidNotice(outTradeNo, { transactionId: `42${Date.now()}`, totalFen: 8000n }));
  await system.has(outTradeNo, 'paid', ({ state }) => state === 'paid');
  await system.publish(couponNotDone(outTradeNo, 'CODE1', CouponAction.REDEEM, UnusableReason.REDEEMED));
  await incident(outTradeNo, 'coupon_gone');
  expect((await system.couponCommands(outTradeNo)).map(({ type }) => type)).toEqual([
    'coupon.lock',
    'coupon.release',
    'coupon.redeem',
  ]);
  expect(await system.metric('lingquan_incidents_open')).toMatch(/ [1-9]\d*$/);
  expect((await fetch(`${system.url()}/incidents?state=lost`)).status).toBe(400);
});

test("a day's bill is compared with the ledger; what only WeChat Pay knows is asked about", async () => {
  const matched = await system.ordered();
  await system.paid(matched);
  const lost = await system.ordered();
  await system.pay(lost); // no notice
  const wrong = await system.ordered();
  await system.paid(wrong);
  await system.rows(`update merchant_order set transaction_id = 'x' || transaction_id where out_trade_no = $1`, [
    wrong,
  ]);
  const today = beijingDate(Date.now());
  type Ran = { state: string; matched: number; differences: { kind: string; outTradeNo: string }[] };
  const run = async (date: string) =>
    (await (await fetch(`${system.url()}/reconciliations/${date}`, { method: 'POST' })).json()) as Ran;
  expect(await run(today)).toMatchObject({ state: 'not_ready' });
  await system.wechatPay.billReady(today);
  const { state, matched: count, differences } = await run(today);
  expect(state).toBe('done');
  expect(count).toBeGreaterThan(5);
  const about = (outTradeNo: string) => differences.filter((one) => one.outTradeNo === outTradeNo);
  expect(about(matched)).toEqual([]);
  expect(about(lost)).toEqual([{ kind: 'missing_here', outTradeNo: lost, ours: null, theirs: 8800 }]);
  expect(about(wrong)).toEqual([{ kind: 'transaction_differs', outTradeNo: wrong, ours: 8800, theirs: 8800 }]);
  await system.has(lost, 'paid', ({ state: now }) => now === 'paid');
  await incident(wrong, 'bill_differs');
  expect(await run('2020-01-01')).toMatchObject({ matched: 0, differences: [] });
  expect((await fetch(`${system.url()}/reconciliations/yesterday`, { method: 'POST' })).status).toBe(400);
});
