import { randomBytes, randomUUID } from 'node:crypto';
import { runAudit, runShopLoad } from '@lingquan/cli';
import type { ShopLoadSummary } from '@lingquan/cli';
import { services, simulator } from '@lingquan/local-stack/service-table.ts';
import { createLog } from '@lingquan/log';
import { readMerchant } from '@lingquan/merchant';
import { connectWechatPay } from '@lingquan/wechat-pay-api';
import type { PayOutcome } from '@lingquan/wechat-pay-api';
import { firstFollowerOf } from '@lingquan/wechat-simulator/merchant.ts';
import { Registry } from 'prom-client';
import type { Mode } from './account.ts';
import { cpuDuring, systemMicros } from './cpu.ts';
import { figuresJson, figuresText } from './figures.ts';
import type { Line } from './figures.ts';
import type { Servers } from './servers.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const CONNECTIONS = 32;
const WARM_UP_ORDERS = 300;
const ORDERS = 2000;

/**
 * Orders with a coupon, each from the claim to the day it is paid and its coupon redeemed, beside the same prepays, payments and queries
 * made by a bare client: what the stand-in for the platform costs alone. Ends with an audit.
 */
export async function run(servers: Servers, mode: Mode) {
  await using opened = new AsyncDisposableStack();
  const stage = await openStage(opened, servers, { name: 'orders', mode });
  const processes = await Promise.all([...services, simulator].map(({ name }) => stage.run(name)));
  await stage.createCampaign('优惠券');
  const pids = { ...servers.pids, ...Object.fromEntries(processes.map(({ name, pid }) => [name, pid])) };

  servers.say('warming up');
  requirePaid(await shop(stage, WARM_UP_ORDERS), 'warming up');
  servers.say(`${ORDERS} orders, ${CONNECTIONS} shoppers at a time`);
  const ours = await cpuDuring(
    pids,
    () => shop(stage, ORDERS),
    ({ orders }) => orders,
  );
  requirePaid(ours.result, 'orders');
  servers.say('audit');
  const audit = await runAudit({ system: stage.system, restWithinMs: 60_000, onWait: () => {}, onRead: () => {} });
  // Last, and its notices go nowhere: nobody here knows these orders.
  servers.say('the platform alone');
  await platformAlone(stage, WARM_UP_ORDERS);
  const rawPids = { simulator: pids['simulator']! };
  const raw = await cpuDuring(
    rawPids,
    () => platformAlone(stage, ORDERS),
    () => ORDERS,
  );
  const { stepsMs } = ours.result;
  const lines: Line[] = [
    { what: 'orders claimed, paid, redeemed', unit: '/s', ours: ours.result.ordersPerSecond, raw: raw.result },
    ...Object.entries(stepsMs).flatMap(([step, { p50, p99 }]) => [
      { what: `  ${step}, P50`, unit: 'ms', ours: p50 },
      { what: `  ${step}, P99`, unit: 'ms', ours: p99 },
    ]),
    { what: 'CPU of the system', unit: 'µs/order', ours: systemMicros(ours.cpuMicros) },
    ...Object.entries(ours.cpuMicros).map(([name, micros]) => ({
      what: `  ${name}`,
      unit: 'µs CPU/order',
      ours: micros,
      ...(raw.cpuMicros[name] === undefined ? {} : { raw: raw.cpuMicros[name] }),
    })),
  ];
  console.log(figuresText(`orders (${mode})`, 'platform alone', lines));
  console.log(`audit: ${audit.clean ? 'clean' : 'NOT CLEAN'}, ${audit.claims} claims in ${audit.seconds.toFixed(1)} s`);
  for (const { id, found, evidence } of audit.checks)
    if (found > 0) console.log(`  ${id}: ${found}: ${evidence.join('; ')}`);
  return { mode, lines: figuresJson(lines), audit: { clean: audit.clean, claims: audit.claims } };
}

const shop = ({ system, account }: Stage, orders: number): Promise<ShopLoadSummary> =>
  runShopLoad({
    ingressUrl: system.ingressUrl,
    simulatorUrl: system.simulatorUrl!,
    account,
    keyword: '优惠券',
    orders,
    connections: CONNECTIONS,
    shares: { coupon: 1, refund: 0, parts: 0 },
    lostNotices: 0,
    seed: randomUUID(),
    stepMs: 60_000,
    stopped: new AbortController().signal,
  });

/** Throws when any order came to another end: then a figure would not mean what it says. */
function requirePaid({ ends, orders }: ShopLoadSummary, what: string): void {
  if (ends['paid'] !== orders) throw new Error(`${what}: ${JSON.stringify(ends)}`);
}

/** Orders a second that a bare client prepays, pays and asks about, as many at a time. */
async function platformAlone({ system, account, merchantDir }: Stage, orders: number): Promise<number> {
  const { appid } = account;
  const openid = firstFollowerOf(appid);
  const pay = connectWechatPay({
    merchant: readMerchant({ WECHAT_PAY_DIR: merchantDir })!,
    baseUrl: system.simulatorUrl!,
    log: createLog({ service: 'bench', level: 'silent' }),
    metrics: new Registry(),
  });
  await pay.start();
  let left = orders;
  const customer = async () => {
    while (left-- > 0) {
      const outTradeNo = randomBytes(16).toString('hex');
      const order = {
        outTradeNo,
        appid,
        openid,
        description: 'bench',
        totalFen: 2500,
        payUntilMs: Date.now() + 900_000,
      };
      const { prepayId } = valueOf(await pay.prepay({ ...order, notifyUrl: `${system.simulatorUrl}/nobody` }));
      const nonce = randomBytes(16).toString('hex');
      const payment = pay.clientParameters(appid, prepayId, Math.floor(Date.now() / 1000), nonce);
      const paid = await fetch(`${system.simulatorUrl}/_sim/pay/pay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ openid, payment }),
      });
      if (!paid.ok) throw new Error(`the platform took no payment: ${paid.status} ${await paid.text()}`);
      await paid.arrayBuffer();
      valueOf(await pay.query(outTradeNo));
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, customer));
  const seconds = (performance.now() - startedAt) / 1000;
  await pay.stop();
  return orders / seconds;
}

function valueOf<T>(outcome: PayOutcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw new Error(`the platform: ${JSON.stringify(outcome)}`);
}
