import type { Account } from '@lingquan/accounts';
import { AppError } from '@lingquan/errors';
import { answersFrom } from '../load/answers.ts';
import { messageIds, openidOf } from '../load/followers.ts';
import { keepPace } from '../load/pace.ts';
import { pushesTo } from '../load/pushes.ts';
import { startTally } from '../load/tally.ts';
import type { Latency } from '../load/tally.ts';
import { openClient } from './http.ts';
import type { Client } from './http.ts';
import { planOf } from './plan.ts';
import type { Shares } from './plan.ts';
import { shopOnce, steps } from './shopper.ts';
import type { Bought, Step } from './shopper.ts';

export type ShopLoadOptions = {
  ingressUrl: string;
  simulatorUrl: string;
  account: Account;
  keyword: string;
  orders: number;
  connections: number;
  shares: Shares;
  /** Of WeChat Pay's notices, 0 to 1, how many are never sent: payments that only a query finds. */
  lostNotices: number;
  /** The same seed makes the same shoppers. */
  seed: string;
  /** How long one step may take before its shopper gives up. */
  stepMs: number;
  stopped: AbortSignal;
  /** Called about once a second. */
  onProgress?: (progress: ShopProgress) => void;
  /** Called when a shopper is done, with what he knows for certain. */
  onBought?: (bought: Bought) => void;
};

export type ShopProgress = { seconds: number; begun: number; done: number; retries: number; perSecond: number };

export type ShopLoadSummary = {
  seconds: number;
  orders: number;
  /** Shoppers a second who came to their end, whatever it was. */
  ordersPerSecond: number;
  /** How many sent something again. */
  retries: number;
  ends: Record<string, number>;
  /** From a step's beginning to its end, repeats included. */
  stepsMs: Partial<Record<Step, Latency & { count: number }>>;
};

/** Runs shoppers against a system with the simulator, each on his way from the coupon to the paid order. Rejects when there is no shop. */
export async function runShopLoad(options: ShopLoadOptions): Promise<ShopLoadSummary> {
  const { account, shares, seed, connections, orders, onProgress, onBought } = options;
  await using opened = new AsyncDisposableStack();
  const ingress = opened.adopt(openClient(options.ingressUrl, connections), (one) => one.close());
  const simulator = opened.adopt(openClient(options.simulatorUrl, connections), (one) => one.close());
  const goods = await goodsOf(ingress);
  await introduce(simulator, account.appid, seed, orders);
  if (options.lostNotices > 0) opened.defer(await loseNotices(simulator, options.lostNotices));

  const tallies = new Map(steps.map((step) => [step, startTally()]));
  const [ends, second] = [startTally(), startTally()];
  let [begun, retries] = [0, 0];
  const shop = {
    ingress,
    simulator,
    goods,
    appid: account.appid,
    loginKind: account.kind === 'mini-program' ? ('login' as const) : ('oauth' as const),
    keyword: options.keyword,
    stepMs: options.stepMs,
    pushOf: pushesTo(account),
    answerOf: answersFrom(account, true),
    onStep: (step: Step, ms: number) => tallies.get(step)!.record(step, ms),
    onRetry: () => void (retries += 1),
  };
  const plan = planOf(seed, messageIds(), shares);
  const shopping = async (n: number) => {
    const beganAt = performance.now();
    const { kind, bought } = await shopOnce(shop, plan(n));
    for (const tally of [ends, second]) tally.record(kind, performance.now() - beganAt);
    onBought?.(bought);
  };
  const startedAt = performance.now();
  const stopTelling = everySecond((sinceMs) => {
    const perSecond = (second.total() * 1000) / sinceMs;
    onProgress?.({ seconds: (performance.now() - startedAt) / 1000, begun, done: ends.total(), retries, perSecond });
    second.reset();
  });
  await keepPace({
    pace: { kind: 'closed', connections },
    durationMs: Infinity,
    countMax: orders,
    stopped: options.stopped,
    send: (n, _intendedAt, done) => {
      begun = n + 1;
      void shopping(n).finally(done);
    },
  });
  stopTelling();
  const seconds = (performance.now() - startedAt) / 1000;
  const timed = [...tallies].filter(([, tally]) => tally.total() > 0);
  return {
    seconds,
    orders: begun,
    ordersPerSecond: begun / seconds,
    retries,
    ends: ends.counts(),
    stepsMs: Object.fromEntries(timed.map(([step, tally]) => [step, { count: tally.total(), ...tally.latency() }])),
  };
}

function everySecond(tell: (sinceMs: number) => void): () => void {
  let toldAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    tell(now - toldAt);
    toldAt = now;
  }, 1000);
  return () => clearInterval(timer);
}

async function goodsOf(ingress: Client): Promise<{ sku: string }[]> {
  const { status, body } = await ingress.send('GET', '/api/goods');
  const items = (body as { items?: { sku: string }[] } | undefined)?.items ?? [];
  if (status === 200 && items.length > 0) return items;
  throw new AppError(
    'unavailable',
    `没有商品可买（GOODS_FILE）· there is nothing to buy: GET /api/goods answered ${status}`,
  );
}

const INTRODUCED_AT_ONCE = 1000;

/** Makes the shoppers known to the platform: it logs in nobody else. */
async function introduce(simulator: Client, appid: string, seed: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += INTRODUCED_AT_ONCE) {
    const many = Math.min(INTRODUCED_AT_ONCE, count - from);
    const openids = Array.from({ length: many }, (_, place) => openidOf(seed, 'distinct', from + place));
    await control(simulator, 'POST', '/_sim/followers', { appid, openids });
  }
}

/** Has the platform never send some notices; gives what ends that. */
async function loseNotices(simulator: Client, chance: number): Promise<() => Promise<void>> {
  const fault = { on: 'notice', kind: 'dropped', chance };
  const { id } = (await control(simulator, 'POST', '/_sim/faults', fault)) as { id: string | number };
  return async () => void (await simulator.send('DELETE', `/_sim/faults/${id}`));
}

async function control(simulator: Client, method: 'POST', path: string, json: object): Promise<unknown> {
  const { status, body, text } = await simulator.send(method, path, { json });
  if (status >= 200 && status < 300) return body;
  throw new AppError('unavailable', `模拟器回答 the simulator answered ${path} with ${status}: ${text.slice(0, 200)}`);
}
