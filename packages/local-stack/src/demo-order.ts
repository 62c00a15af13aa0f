import { randomUUID } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import { logLines, logText } from './demo.ts';
import type { Claimed } from './demo.ts';
import type { Say } from './terminal.ts';
import { stopwatch } from './terminal.ts';
import { waitUntil } from './waiting.ts';

type Urls = { simulator: string; ingress: string; claimLog: string };
type Good = { sku: string; name: string; category: string; priceFen: number };
type Order = {
  outTradeNo: string;
  state: string;
  totalFen: number;
  discountFen: number;
  payableFen: number | null;
  paidFen: number;
  couponState: string | null;
};

/** What the coupon of the demo asks for. */
const thresholdFen = 3000;

/**
 * One order through the whole path, by the mini program's API: the owner of a coupon logs in, orders with it, pays at the simulator, and
 * the coupon is redeemed. Shows order, discount, the coupon's state, and what the log has of it.
 */
export async function orderOnce({ simulator, ingress, claimLog }: Urls, claimed: Claimed, say: Say): Promise<void> {
  const elapsed = stopwatch();
  const { code: loginCode } = await post<{ code: string }>(`${simulator}/_sim/codes`, {
    kind: 'oauth', // the default account is an Official Account: people log in by web authorization
    openid: claimed.openid,
  });
  const { token } = await post<{ token: string }>(`${ingress}/api/login`, { code: loginCode });
  const session = { authorization: `Bearer ${token}` };
  const { items: goods } = await ask<{ items: Good[] }>(`${ingress}/api/goods`, { headers: session });
  const lines = basketOver(thresholdFen, goods);
  const { order } = await post<{ order: Order }>(
    `${ingress}/api/orders`,
    { lines: lines.map(({ sku }) => ({ sku, quantity: 1 })), couponCode: claimed.code },
    { ...session, 'idempotency-key': randomUUID() },
  );
  const { outTradeNo } = order;
  const orderNow = () => ask<Order>(`${ingress}/api/orders/${outTradeNo}`, { headers: session });
  await orderIs(orderNow, ({ state }) => state === 'unpaid', 'ready to be paid');
  const payment = await ask<object>(`${ingress}/api/orders/${outTradeNo}/payment`, { headers: session });
  await post(`${simulator}/_sim/pay/pay`, { payment, openid: claimed.openid });
  const paid = await orderIs(
    orderNow,
    ({ state, couponState }) => state === 'paid' && couponState === 'redeemed',
    'paid with its coupon redeemed',
  );
  say(`✓ 用券下单并支付 one order paid with the coupon ${elapsed()}`);
  say(`  订单 order      ${outTradeNo} ${lines.map(({ name }) => name).join('、')}`);
  say(`  金额 amounts    ${yuan(paid.totalFen)} − ${yuan(paid.discountFen)} = ${yuan(paid.paidFen)}`);
  say(`  券 coupon       ${claimed.code} ${paid.couponState}`);
  for (const line of await logLines(`${claimLog}/events?order=${outTradeNo}`, 'coupon.redeemed')) say(logText(line));
}

/** Some of the goods, the dearest last, that come to at least so much. */
function basketOver(fen: number, goods: readonly Good[]): Good[] {
  const lines: Good[] = [];
  let total = 0;
  for (const good of goods.toSorted((a, b) => a.priceFen - b.priceFen)) {
    if (total >= fen) break;
    lines.push(good);
    total += good.priceFen;
  }
  return lines;
}

const yuan = (fen: number): string => `¥${(fen / 100).toFixed(2)}`;

async function orderIs(now: () => Promise<Order>, due: (order: Order) => boolean, what: string): Promise<Order> {
  let order: Order | undefined;
  await waitUntil(
    async () => {
      order = await now();
      if (!due(order))
        throw new Error(`the order is ${order.state}, its coupon ${order.couponState ?? 'none'}, not ${what}`);
    },
    { withinMs: 10_000, everyMs: 20 },
  );
  return order!;
}

const post = <T>(url: string, body: unknown, headers: Record<string, string> = {}): Promise<T> =>
  ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function ask<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  const body = await response.text();
  if (response.ok) return JSON.parse(body) as T;
  throw new AppError('unavailable', `${new URL(url).pathname} 回答 answered ${response.status}: ${body.slice(0, 300)}`);
}
