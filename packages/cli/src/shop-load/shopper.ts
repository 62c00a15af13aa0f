import type { Answer, HttpAnswer } from '../load/answers.ts';
import type { PushRequest, TextPush } from '../load/pushes.ts';
import { isPassing } from './http.ts';
import type { Answered, Client } from './http.ts';
import { GaveUp, persist } from './persist.ts';
import type { Plan } from './plan.ts';

/** What is timed, in the order a shopper does it. */
export const steps = ['claim', 'login', 'order', 'pay', 'paid', 'refund', 'refunded'] as const;
export type Step = (typeof steps)[number];

export type Shop = {
  ingress: Client;
  simulator: Client;
  appid: string;
  /** How people log in there: `wx.login` of a mini program, or web authorization. */
  loginKind: 'login' | 'oauth';
  keyword: string;
  pushOf: (push: TextPush) => PushRequest;
  answerOf: (answer: HttpAnswer) => Answer;
  goods: readonly { sku: string }[];
  /** How long one step may take, whatever is killed meanwhile. */
  stepMs: number;
  onStep: (step: Step, ms: number) => void;
  onRetry: () => void;
};

/** What a shopper knows for certain at the end: it must be so in the stores too. */
export type Bought = {
  openid: string;
  msgId: string;
  code?: string;
  outTradeNo?: string;
  state?: 'paid' | 'refunded';
  paidFen?: number;
};

type Order = {
  outTradeNo: string;
  state: string;
  payableFen?: number | null;
  paidFen?: number;
  refundedFen?: number;
  couponState?: string | null;
};

/** Words for an end: `paid`, `refunded`, `order coupon_unusable` and so on for a refusal, `gave up: …` after too long. */
export type End = { kind: string; bought: Bought };

/** One shopper: claims a coupon, logs in, orders with it, pays, waits until it is done, perhaps asks the money back. Never rejects. */
export async function shopOnce(shop: Shop, plan: Plan): Promise<End> {
  const bought: Bought = { openid: plan.openid, msgId: plan.msgId };
  try {
    return { kind: await shopping(shop, plan, bought), bought };
  } catch (error) {
    if (error instanceof GaveUp) return { kind: `gave up: ${error.step}`, bought };
    if (error instanceof Refused) return { kind: error.message, bought };
    throw error;
  }
}

/** Somebody said no, for good. */
class Refused extends Error {}

/** The session is not known any more: sessions live in Redis, which may be emptied. */
class LoggedOut extends Error {}

const couponUnusable = 'order coupon_unusable';

async function shopping(shop: Shop, plan: Plan, bought: Bought): Promise<string> {
  const { openid } = plan;
  const session = { authorization: '' };
  const logInAgain = async (error: unknown): Promise<undefined> => {
    if (!(error instanceof LoggedOut)) throw error;
    const token = await login(shop, openid);
    if (token !== undefined) session.authorization = `Bearer ${token}`;
  };
  const timed = async <T>(step: Step, attempt: () => Promise<T | undefined>): Promise<T> => {
    const startedAt = performance.now();
    const onRetry = step === 'paid' || step === 'refunded' ? undefined : shop.onRetry; // those only look again
    const done = await persist(step, () => attempt().catch(logInAgain), {
      untilMs: startedAt + shop.stepMs,
      ...(onRetry && { onRetry }),
    });
    shop.onStep(step, performance.now() - startedAt);
    return done;
  };

  if (plan.claims) {
    const code = await timed('claim', () => claim(shop, plan));
    if (code !== '') bought.code = code;
  }
  session.authorization = `Bearer ${await timed('login', () => login(shop, openid))}`;
  const orderNow = (outTradeNo: string) => ask<Order>(shop.ingress, `/api/orders/${outTradeNo}`, session);

  const placed = (couponCode: string | undefined) =>
    timed('order', () => placeOrder(shop, plan, { couponCode, session }));
  const order = await placed(bought.code).catch((error: unknown) => {
    if (error instanceof Refused && error.message.startsWith(couponUnusable)) return placed(undefined);
    throw error; // only a coupon that is not for these goods is left out
  });
  const { outTradeNo } = order;
  bought.outTradeNo = outTradeNo;
  if (order.payment !== null) await timed('pay', () => pay(shop, { openid, outTradeNo, payment: order.payment }));
  const paid = await timed('paid', async () => {
    const now = await orderNow(outTradeNo);
    if (now?.state === 'closed') throw new Refused('closed after it was paid');
    return now?.state === 'paid' && isSettled(now) ? now : undefined;
  });
  Object.assign(bought, { state: 'paid', paidFen: paid.paidFen });
  if (!plan.refunds) return 'paid';

  await timed('refund', () => refund(shop, plan, paid, session));
  await timed('refunded', async () => {
    const now = await orderNow(outTradeNo);
    const whole = now !== undefined && now.refundedFen === now.paidFen && isReturned(now);
    return whole ? true : undefined;
  });
  bought.state = 'refunded';
  return 'refunded';
}

const isSettled = ({ couponState }: Order): boolean =>
  ['none', 'redeemed', 'gone', null, undefined].includes(couponState);
const isReturned = ({ couponState }: Order): boolean => couponState !== 'redeemed' && couponState !== 'returning';

/** Asks; undefined when there is no answer to rely on yet. */
async function ask<T>(client: Client, path: string, headers: Record<string, string>): Promise<T | undefined> {
  const answer = await client.send('GET', path, { headers });
  if (answer.status === 401) throw new LoggedOut();
  return answer.status === 200 ? (answer.body as T) : undefined;
}

/** What is refused for good throws; what may pass is undefined. */
function settledBody(step: string, answer: Answered): Record<string, unknown> | undefined {
  if (isPassing(answer)) return undefined;
  if (answer.status === 401) throw new LoggedOut();
  const body = (answer.body ?? {}) as Record<string, unknown>;
  if (answer.status < 300) return body;
  const { error, reason } = body;
  throw new Refused([step, typeof error === 'string' ? error : answer.status, reason].filter(Boolean).join(' '));
}

/**
 * The code the follower is told; empty when he gets none, or gets it later by message: he shops without one. A push that is repeated has
 * the same MsgId, as WeChat's repeats have.
 */
async function claim(
  { ingress, pushOf, answerOf, keyword }: Shop,
  { openid, msgId }: Plan,
): Promise<string | undefined> {
  const { path, body } = pushOf({ openid, msgId, text: keyword, atMs: Date.now() });
  const { status, text } = await ingress.send('POST', path, { text: body });
  if (status === 0) return undefined;
  const answer = answerOf({ status, body: text });
  if (answer.kind === 'code') return answer.code;
  return takenKinds.has(answer.kind) ? '' : undefined;
}

const takenKinds: ReadonlySet<string> = new Set(['worded', 'success', 'empty']);

async function login({ ingress, simulator, appid, loginKind }: Shop, openid: string): Promise<string | undefined> {
  const issued = await simulator.send('POST', '/_sim/codes', { json: { appid, kind: loginKind, openid } });
  const code = settledBody('codes', issued)?.['code'];
  if (typeof code !== 'string') return undefined;
  const answer = await ingress.send('POST', '/api/login', { json: { appid, code } });
  if (answer.status === 401) return undefined; // the code was used by an attempt whose answer was lost: take a new one
  const token = settledBody('login', answer)?.['token'];
  return typeof token === 'string' ? token : undefined;
}

type Placed = { outTradeNo: string; payment: object | null };

type With = { couponCode: string | undefined; session: Record<string, string> };

/** Orders; undefined as long as it cannot be paid yet. With and without a coupon are two requests, so they have two keys. */
async function placeOrder(
  { ingress, goods }: Shop,
  { picks, orderKey }: Plan,
  { couponCode, session }: With,
): Promise<Placed | undefined> {
  const lines = picks(goods.length).map((place) => ({ sku: goods[place]!.sku, quantity: 1 }));
  const json = { lines, ...(couponCode !== undefined && { couponCode }) };
  const headers = { ...session, 'idempotency-key': couponCode === undefined ? orderKey : `${orderKey}-c` };
  const body = settledBody('order', await ingress.send('POST', '/api/orders', { json, headers }));
  if (body === undefined) return undefined;
  const { order, payment } = body as { order: Order; payment?: object | null };
  if (payment !== undefined) return { outTradeNo: order.outTradeNo, payment };
  // 202: it is not known yet what it comes to.
  const now = await ask<Order>(ingress, `/api/orders/${order.outTradeNo}`, session);
  if (now?.state === 'closed') throw new Refused('order closed');
  if (now?.state === 'paid') return { outTradeNo: now.outTradeNo, payment: null };
  if (now?.state !== 'unpaid') return undefined;
  const parameters = await ask<object>(ingress, `/api/orders/${now.outTradeNo}/payment`, session);
  return parameters && { outTradeNo: now.outTradeNo, payment: parameters };
}

type Paying = { openid: string; outTradeNo: string; payment: object | null };

/** Pays as the person does. When no answer came, the platform knows whether it is paid. */
async function pay({ simulator }: Shop, { openid, outTradeNo, payment }: Paying): Promise<true | undefined> {
  const answer = await simulator.send('POST', '/_sim/pay/pay', { json: { openid, payment } });
  if (answer.status === 200) return true;
  const there = await ask<{ order: { state: string } }>(simulator, `/_sim/pay/orders/${outTradeNo}`, {});
  if (there?.order.state === 'SUCCESS' || there?.order.state === 'REFUND') return true;
  settledBody('pay', answer);
  return undefined;
}

/** Everything back, in one part or two. */
async function refund(
  { ingress }: Shop,
  { inParts, refundKey }: Plan,
  { outTradeNo, paidFen = 0 }: Order,
  session: Record<string, string>,
): Promise<true | undefined> {
  const parts = inParts && paidFen > 1 ? [Math.floor(paidFen / 2), undefined] : [undefined];
  for (const [place, refundFen] of parts.entries()) {
    const headers = { ...session, 'idempotency-key': refundKey(place) };
    const json = { reason: '压测退款', ...(refundFen !== undefined && { refundFen }) };
    const answer = await ingress.send('POST', `/api/orders/${outTradeNo}/refunds`, { json, headers });
    const taken = settledBody('refund', answer)?.['refund'] as { state: string } | undefined;
    if (taken === undefined || taken.state === 'pending') return undefined;
  }
  return true;
}
