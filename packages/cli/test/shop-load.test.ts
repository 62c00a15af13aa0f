import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { textReply } from '@lingquan/wechat';
import { lingquan } from './lingquan.ts';

/** What stands for ingress and the simulator: a shop that takes every second request without answering it. */
type Order = { outTradeNo: string; state: string; paidFen: number; refundedFen: number; couponState: string };
let orders: Map<string, Order>;
let sessions: Map<string, string>;
/** Tokens that are not known any more. */
let ended: Set<string>;
let forgetful: boolean;
let seen: { path: string; key: string }[];
let faults: { added: number; removed: number };
let requests: number;
let servers: Server[];
let urls: string[];
const folder = mkdtempSync(join(tmpdir(), 'lingquan-shop-'));

type Told = { status: number; body: object | string };
const ok = (body: object | string): Told => ({ status: 200, body });

function ingress(path: string, json: Record<string, unknown>, request: IncomingMessage): Told {
  const key = String(request.headers['idempotency-key'] ?? '');
  seen.push({ path, key });
  if (path.startsWith('/wx')) return ok(textReply({ to: 'o', from: 'gh', createTime: 1, content: '券码：CODE-1' }));
  if (path === '/api/goods') return ok({ items: [{ sku: 'mug' }, { sku: 'latte' }] });
  if (path === '/api/login') return ok({ token: sessions.get(String(json['code'])) ?? 'none' });
  if (ended.has(String(request.headers.authorization))) return { status: 401, body: { error: 'session_ended' } };
  if (path === '/api/orders') {
    if (json['couponCode'] !== undefined && key.length % 2 === 0)
      return { status: 409, body: { error: 'coupon_unusable', reason: 'below_threshold' } };
    const couponState = json['couponCode'] === undefined ? 'none' : 'locked';
    const outTradeNo = `N${key}`;
    const known = orders.get(outTradeNo);
    const order = known ?? { outTradeNo, state: 'unpaid', paidFen: 0, refundedFen: 0, couponState };
    orders.set(outTradeNo, order);
    return { status: 201, body: { order, payment: { package: outTradeNo } } };
  }
  const [, outTradeNo = '', what] = /^\/api\/orders\/([^/]+)(\/refunds)?$/.exec(path) ?? [];
  const order = orders.get(outTradeNo)!;
  if (what === undefined) return ok(order);
  Object.assign(order, {
    refundedFen: order.paidFen,
    ...(order.couponState !== 'none' && { couponState: 'returned' }),
  });
  return { status: 202, body: { refund: { outRefundNo: key, state: 'requested' } } };
}

function simulator(path: string, json: Record<string, unknown>, { method }: IncomingMessage): Told {
  if (path === '/_sim/followers') return ok({});
  if (path.startsWith('/_sim/faults')) {
    faults[method === 'POST' ? 'added' : 'removed'] += 1;
    return ok({ id: 1 });
  }
  if (path === '/_sim/codes') {
    sessions.set('code', `token-${sessions.size}-${ended.size}`);
    return ok({ code: 'code' });
  }
  if (path.startsWith('/_sim/pay/orders/')) return ok({ order: { state: 'SUCCESS' } });
  const order = orders.get((json['payment'] as { package: string }).package)!;
  const couponState = order.couponState === 'none' ? 'none' : 'redeemed';
  Object.assign(order, { state: 'paid', paidFen: 700, couponState });
  if (forgetful) ended.add(`Bearer ${sessions.get('code')}`); // as an emptied Redis would
  return ok({ order: {} });
}

function serve(answer: typeof ingress, mayDrop: (path: string) => boolean): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { pathname } = new URL(request.url!, 'http://localhost');
      const { status, body } = answer(
        pathname,
        text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
        request,
      );
      if (mayDrop(pathname) && ++requests % 2 === 0) request.socket.destroy();
      else response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(async () => {
  servers = [
    await serve(ingress, (path) => path !== '/api/goods' && !(forgetful && path === '/api/login')),
    await serve(simulator, (path) => path === '/_sim/pay/pay'),
  ];
  urls = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
beforeEach(() => {
  orders = new Map();
  sessions = new Map();
  ended = new Set();
  forgetful = false;
  seen = [];
  faults = { added: 0, removed: 0 };
  requests = 0;
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

const shopLoad = (...args: string[]) =>
  lingquan(
    {
      INGRESS_URL: urls[0],
      SIMULATOR_URL: urls[1],
      WECHAT_APP_ID: 'wx0000000000000001',
      WECHAT_APP_SECRET: 'secret',
      WECHAT_TOKEN: 'token',
    },
    'shop-load',
    '--json',
    ...args,
  );

test('what is not answered is sent again with the same key, and every order comes to its end once', async () => {
  const file = join(folder, 'bought.jsonl');
  const { code, json } = await shopLoad(
    '--orders',
    '12',
    '--connections',
    '3',
    '--coupon-share',
    '1',
    '--refund-share',
    '0.5',
    '--out',
    file,
  );
  expect(code).toBe(0);
  const { ends, retries, stepsMs } = json() as {
    ends: Record<string, number>;
    retries: number;
    stepsMs: Record<string, { count: number }>;
  };
  expect((ends['paid'] ?? 0) + (ends['refunded'] ?? 0)).toBe(12);
  expect(retries).toBeGreaterThan(0);
  expect(stepsMs['paid']?.count).toBe(12);
  expect([...orders.values()].filter(({ state }) => state === 'paid')).toHaveLength(12);
  const placed = seen.filter(({ path }) => path === '/api/orders');
  expect(placed.length).toBeGreaterThan(new Set(placed.map(({ key }) => key)).size);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  for (const line of lines)
    expect(JSON.parse(line)).toMatchObject({ code: 'CODE-1', outTradeNo: expect.stringMatching(/^N/), paidFen: 700 });
}, 30_000);

test('whoever is logged out in between logs in again and goes on', async () => {
  forgetful = true;
  const { code, json } = await shopLoad(
    '--orders',
    '4',
    '--connections',
    '2',
    '--patience',
    '5s',
    '--refund-share',
    '1',
  );
  expect({ code, ends: (json() as { ends: object }).ends }).toEqual({ code: 0, ends: { refunded: 4 } });
  expect(ended.size).toBeGreaterThan(0);
}, 30_000);

test('lost notices are asked for before, and not any more afterwards', async () => {
  await shopLoad('--orders', '2', '--coupon-share', '0', '--lost-notices', '0.5');
  expect(faults).toEqual({ added: 1, removed: 1 });
  expect(seen.some(({ path }) => path.startsWith('/wx'))).toBe(false);
}, 30_000);

test('a system without the simulator, and a share that is none, are refused', async () => {
  const without = await lingquan(
    { INGRESS_URL: urls[0], WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's', WECHAT_TOKEN: 'ttt' },
    'shop-load',
  );
  expect(without).toMatchObject({ code: 1, err: expect.stringContaining('simulator') });
  expect(await shopLoad('--coupon-share', '2')).toMatchObject({ code: 2 });
});
