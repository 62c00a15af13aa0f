import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as claimLog from '@lingquan/claim-log';
import { config as claimLogConfig } from '@lingquan/claim-log/config.ts';
import * as couponIssuer from '@lingquan/coupon-issuer';
import { config as couponIssuerConfig } from '@lingquan/coupon-issuer/config.ts';
import { pushId, toHeaders, topics, uuidOf } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { PaymentCommandSchema } from '@lingquan/events/payment.ts';
import * as payment from '@lingquan/payment';
import { config as paymentConfig } from '@lingquan/payment/config.ts';
import { databaseName } from '@lingquan/postgres';
import { isolate, until } from '@lingquan/test-kit';
import { keptMerchant } from '@lingquan/wechat-simulator/merchant.ts';
import { Client } from 'pg';
import { lingquan as call } from './lingquan.ts';

/** Orders that a coupon pays wholly: payment needs no platform for them. */
const system = isolate('cli-orders');
const folder = mkdtempSync(join(tmpdir(), 'lingquan-orders-'));
const appid = 'wx0000000000000001';
const producer = system.kafka.producer();
const running: { url: string; stop: () => Promise<void> }[] = [];
const env: Record<string, string> = { ...system.env, WECHAT_APP_ID: appid };
const PRICE_FEN = 500n;

type Report = { clean: boolean; orders: number; checks: { id: string; checked: number; found: number }[] };
type Order = { outTradeNo: string; state: string; couponState: string; refunds: { state: string }[] };

beforeAll(async () => {
  const { merchantDir } = await keptMerchant(folder, { appid });
  const host = {
    log: system.log,
    onFatal: (error: Error) => system.log.error({ err: error }, 'a service cannot go on'),
  };
  const settings = {
    ...env,
    COUPON_ISSUER_PORT: '0',
    CLAIM_LOG_PORT: '0',
    PAYMENT_PORT: '0',
    COUPON_CODE_SECRET: randomBytes(32).toString('hex'),
    WECHAT_PAY_DIR: merchantDir,
    WECHAT_PAY_URL: 'http://127.0.0.1:9',
  };
  const issuer = await couponIssuer.start(couponIssuerConfig(settings), host);
  const log = await claimLog.start(claimLogConfig(settings), host);
  const pay = await payment.start(paymentConfig(settings), host);
  running.push(pay, log, issuer);
  Object.assign(env, { COUPON_ISSUER_URL: issuer.url, CLAIM_LOG_URL: log.url, PAYMENT_URL: pay.url });
  await until(() => producer.ready().then(() => true), 'the producer is connected');
}, 60_000);

afterAll(async () => {
  await producer.stop();
  for (const one of running) await one.stop();
  await system.remove();
  rmSync(folder, { recursive: true });
}, 60_000);

const lingquan = (...args: string[]) => call(env, ...args);
const json = async <T>(...args: string[]): Promise<T> => (await lingquan(...args, '--json')).json() as T;

async function publish(topic: string, key: string, value: Uint8Array, id: string, type: string): Promise<void> {
  const headers = toHeaders({ id, source: 'ingress', type, timeMs: Date.now() });
  await producer.publish([{ topic, key, value: Buffer.from(value), headers }]);
}

/** A follower claims; resolves with the code. */
async function claim(openid: string): Promise<string> {
  const push = create(InboundPushSchema, {
    appid,
    accountKind: AccountKind.OFFICIAL_ACCOUNT,
    openid,
    msgId: openid,
    content: { case: 'text', value: { content: '全免' } },
  });
  const id = pushId(appid, `msgid:${openid}`);
  await publish(topics.wechatInbound.name, appid + openid, toBinary(InboundPushSchema, push), id, 'wechat.text');
  const rows = () => inStore<{ code: string }>('coupon_issuer', 'select code from coupon where openid = $1', [openid]);
  return until(async () => (await rows())[0]?.code ?? false, `${openid} has a coupon`);
}

async function command(
  outTradeNo: string,
  what: string,
  init: MessageInitShape<typeof PaymentCommandSchema>['command'],
) {
  const value = toBinary(PaymentCommandSchema, create(PaymentCommandSchema, { command: init! }));
  await publish(topics.paymentCommands.name, outTradeNo, value, uuidOf('test', outTradeNo, what), `payment.${what}`);
}

async function redeemAtTill(code: string, key: string): Promise<void> {
  const by = { case: 'till', value: { shop: '一店', cashier: '小王', basket: { amountFen: PRICE_FEN } } } as const;
  const init = { command: { case: 'redeemCoupon', value: { code, by } } } as const;
  const value = toBinary(CouponCommandSchema, create(CouponCommandSchema, init));
  await publish(topics.couponCommands.name, code, value, uuidOf('test', key), 'coupon.redeem');
}

/** Orders for as much as the coupon takes off, which is paid at once. */
async function orderWith(openid: string, couponCode: string): Promise<string> {
  const outTradeNo = `order${openid}`;
  await command(outTradeNo, 'create_order', {
    case: 'createOrder',
    value: {
      outTradeNo,
      appid,
      openid,
      couponCode,
      description: '咖啡',
      payUntil: timestampFromMs(Date.now() + 600_000),
      basket: { lines: [{ sku: 'mug', name: '杯', category: 'goods', unitPriceFen: PRICE_FEN, quantity: 1 }] },
    },
  });
  await orderIs(outTradeNo, ({ state, couponState }) => state === 'paid' && couponState === 'redeemed');
  return outTradeNo;
}

const orderIs = (outTradeNo: string, due: (order: Order) => boolean): Promise<Order> =>
  until(
    async () => {
      const { code, json: read } = await lingquan('order', 'show', outTradeNo, '--json');
      const order = code === 0 ? (read() as Order) : undefined;
      return order !== undefined && due(order) && order;
    },
    `${outTradeNo} is as it should be`,
    20_000,
  );

async function inStore<T extends object>(service: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const url = new URL(system.env.POSTGRES_URL);
  url.pathname = `/${databaseName(system.prefix, service)}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  const { rows } = await client.query<T>(sql, values);
  await client.end();
  return rows;
}

async function audit(...args: string[]) {
  const { code, json: read } = await lingquan('audit', '--json', ...args);
  const report = read() as Report;
  return { code, report, faults: report.checks.filter(({ found }) => found > 0).map(({ id }) => id) };
}

let outTradeNo: string;
let code: string;

test('orders, a till, a refund and a revoked coupon, by the command line: clean', async () => {
  const terms = [
    '--name',
    '全免',
    '--kind',
    'amount',
    '--value-fen',
    String(PRICE_FEN),
    '--stock',
    '9',
    '--valid-days',
    '7',
  ];
  await lingquan('campaign', 'create', '--keyword', '全免', ...terms, '--weekdays', '0,1,2,3,4,5,6');
  expect((await lingquan('campaign', 'list')).out).toContain('7 天');
  code = await claim('first');
  outTradeNo = await orderWith('first', code);
  expect(await json('coupon', 'show', code)).toMatchObject({ state: 'redeemed', redeemedBy: { outTradeNo } });

  const back = await claim('back');
  const refunded = await orderWith('back', back);
  expect(await json('order', 'refund', refunded)).toMatchObject({ outTradeNo: refunded, state: 'succeeded' });
  await orderIs(refunded, ({ couponState }) => couponState === 'returned');
  expect(await json('coupon', 'revoke', back, '--reason', '试')).toMatchObject({ state: 'revoked' });
  expect(await lingquan('coupon', 'revoke', code, '--reason', '试')).toMatchObject({ code: 1 });

  await redeemAtTill(await claim('till'), 'till');
  expect(await json('order', 'list', '--openid', 'first')).toMatchObject({ items: [{ outTradeNo }], next: null });
  expect(await json('payment', 'ledger')).toMatchObject({ sumFen: 0 });

  const file = join(folder, 'bought.jsonl');
  writeFileSync(file, `${JSON.stringify({ openid: 'first', code, outTradeNo, state: 'paid', paidFen: 0 })}\n`);
  const { report, faults, code: exit } = await audit('--answers', file);
  expect(faults).toEqual([]);
  expect({ exit, clean: report.clean, orders: report.orders }).toEqual({ exit: 0, clean: true, orders: 2 });
  for (const id of ['life', 'uses', 'returns', 'payments', 'orders', 'money', 'expiry'])
    expect(report.checks.find((check) => check.id === id)?.checked).toBeGreaterThan(0);

  const proof = await audit('--from-topics', '--log');
  expect(proof).toMatchObject({ code: 0, faults: [] });
  for (const id of ['life', 'uses', 'returns', 'payments', 'log'])
    expect(proof.report.checks.find((check) => check.id === id)?.checked).toBeGreaterThan(0);
}, 60_000);

test('an incident is shown, and ended with a note', async () => {
  await inStore(
    'payment',
    `insert into incident (id, kind, out_trade_no, evidence, found_at) values (gen_random_uuid(), 'amount_differs', $1, '{"totalFen": 1}', now())`,
    [outTradeNo],
  );
  const { items } = await json<{ items: { incidentId: string }[] }>('payment', 'incidents');
  expect(items).toHaveLength(1);
  const id = items[0]!.incidentId;
  expect(await lingquan('payment', 'incidents', '--resolve', id)).toMatchObject({ code: 2 });
  expect(await json('payment', 'incidents', '--resolve', id, '--note', '已补差')).toMatchObject({ note: '已补差' });
  expect(await json('payment', 'incidents')).toEqual({ items: [] });
}, 30_000);

/** Changes a store behind its owner's back, and puts it right again. */
async function planted(service: string, change: string, undo: string, values: unknown[]): Promise<string[]> {
  const trusted = 'set session_replication_role = replica;'; // past the triggers that forbid it
  const withValues = (sql: string) =>
    values.reduce<string>((text, value, n) => text.replaceAll(`$${n + 1}`, `'${String(value)}'`), sql);
  await inStore(service, trusted + withValues(change));
  const { faults } = await audit();
  await inStore(service, trusted + withValues(undo));
  return faults;
}

test.each<[string, string, string, string, string[]]>([
  [
    'an entry of the ledger that was changed',
    'payment',
    `update ledger_entry set fen = fen + 1 where out_trade_no = $1 and account = 'sales'`,
    `update ledger_entry set fen = fen - 1 where out_trade_no = $1 and account = 'sales'`,
    ['money'],
  ],
  [
    'a paid order that is called closed',
    'payment',
    `update merchant_order set state = 'closed', paid_at = null where out_trade_no = $1`,
    `update merchant_order set state = 'paid', paid_at = created_at where out_trade_no = $1`,
    ['uses', 'orders'],
  ],
  [
    'a redeemed coupon that is called free',
    'coupon_issuer',
    `update coupon set state = 0, redeemed_at = null where code = $2`,
    `update coupon set state = 2, redeemed_at = claimed_at where code = $2`,
    ['coupons'],
  ],
  [
    'a coupon of the order that is another',
    'payment',
    `update merchant_order set coupon_code = 'OTHER' where out_trade_no = $1`,
    `update merchant_order set coupon_code = $2 where out_trade_no = $1`,
    ['uses'],
  ],
])(
  '%s is found',
  async (_what, service, change, undo, faults) => {
    expect(await planted(service, change, undo, [outTradeNo, code])).toEqual(faults);
  },
  30_000,
);

test("payment's facts gone from the log are found", async () => {
  await inStore('claim_log', `delete from event where type = 'payment.order_paid' and out_trade_no = $1`, [outTradeNo]);
  expect((await audit()).faults).toEqual(['log']);
}, 30_000);
