import { refuse } from './refusal.ts';
import { dayMs } from './times.ts';

export type Api = 'v3' | 'v2';
export type TradeType = 'JSAPI' | 'NATIVE' | 'APP' | 'MWEB';
export type TradeState = 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';
/** How the client's parameters are signed: as the order was (reference A.5, B.8). */
export type ClientSignType = 'RSA' | 'MD5' | 'HMAC-SHA256';

/** What a merchant orders; a repeat of the number must say the same (reference D.3), but for the time: only the first call sets it. */
export interface OrderTerms {
  readonly api: Api;
  readonly outTradeNo: string;
  readonly appid: string;
  readonly tradeType: TradeType;
  readonly description: string;
  readonly attach: string;
  readonly totalFen: number;
  readonly notifyUrl: string;
  /** The payer; null where whoever scans or opens pays. */
  readonly openid: string | null;
}

export interface Prepay {
  readonly prepayId: string;
  /** NATIVE: the code that is shown, valid as long as the prepay_id. */
  readonly codeUrl: string | null;
  readonly createdAtMs: number;
}

export interface Order extends OrderTerms {
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly signType: ClientSignType;
  /** The serial that the order's request asked answers from; '' for none: how its notices are signed. */
  readonly wantedSerial: string;
  readonly state: TradeState;
  readonly prepays: readonly Prepay[];
  readonly attempts: readonly { readonly atMs: number; readonly reason: string }[];
  readonly transactionId: string | null;
  readonly paidAtMs: number | null;
  /** Who paid; null until somebody has. */
  readonly payer: string | null;
  /** What a coupon of WeChat's own took off what the payer paid. */
  readonly couponFen: number;
  readonly bankType: string;
}

const minuteMs = 60_000;
/** Reference 0.3 and B.7: a prepay_id lives two hours whatever the order's own time. */
export const prepayLifeMs = 2 * 3_600_000;
const defaultLifeMs = 7 * dayMs;
/** Pages say 15 or 90 days; the current direct-merchant ones 90 (reference B.7). */
const lifeMaxMs = 90 * dayMs;

/** The state as it reads now: what nobody paid is closed by WeChat Pay after seven days, or with a later time_expire then (reference D.1). */
export function stateAt(order: Order, now: number): TradeState {
  const closesAtMs = Math.max(order.expiresAtMs, order.createdAtMs + defaultLifeMs);
  return order.state === 'NOTPAY' && now >= closesAtMs ? 'CLOSED' : order.state;
}

/** When a new order ends: at least a minute from now (shorter is raised), a week where nothing is said. Refuses what is over or too far away. */
export function expiryOf(wantedMs: number | undefined, now: number): number {
  if (wantedMs === undefined) return now + defaultLifeMs;
  if (wantedMs <= now) refuse('INVALID_REQUEST', '订单失效时间不能早于当前时间');
  if (wantedMs > now + lifeMaxMs) refuse('INVALID_REQUEST', '订单失效时间超过最大限制');
  return Math.max(wantedMs, now + minuteMs);
}

const compared = ['api', 'appid', 'tradeType', 'description', 'attach', 'totalFen', 'notifyUrl', 'openid'] as const;

/** Whether the number may have (another) prepay_id; refuses what the platform refuses (reference D.3, A.12). */
export function checkRepeat(order: Order, terms: OrderTerms, now: number): void {
  const state = stateAt(order, now);
  if (state === 'SUCCESS' || state === 'REFUND') refuse('ORDERPAID', '该订单已支付');
  if (state === 'CLOSED') refuse('ORDER_CLOSED', '该订单已关闭，请重新下单');
  if (compared.some((name) => order[name] !== terms[name]))
    refuse('OTHER_PARAMETERS', '请求重入时，参数与首次请求时不一致');
  if (now >= order.expiresAtMs) refuse('OUT_TRADE_NO_USED', '商户订单号已使用，且订单已过期');
}

/** Closes what is not paid; what is closed may be closed again (reference B.9). */
export function closed(order: Order, now: number): Order {
  const state = stateAt(order, now);
  if (state === 'SUCCESS' || state === 'REFUND') refuse('ORDERPAID', '该订单已支付');
  return { ...order, state: 'CLOSED' };
}

/** Why nobody can pay this order now, as the phone says it; undefined when `openid` can. */
export function payProblem(order: Order, openid: string | null, now: number): string | undefined {
  const state = stateAt(order, now);
  if (state === 'SUCCESS' || state === 'REFUND') return '订单已支付';
  if (state === 'CLOSED') return '订单已关闭';
  if (now >= order.expiresAtMs) return '订单已过期';
  if (order.openid !== null && openid !== null && openid !== order.openid) return '支付者与下单时的用户不一致';
  return undefined;
}

export interface Payment {
  readonly openid: string;
  readonly couponFen: number;
  readonly transactionId: string;
}

/** The order, paid. The caller has asked `payProblem`. */
export function paid(order: Order, { openid, couponFen, transactionId }: Payment, now: number): Order {
  return {
    ...order,
    state: 'SUCCESS',
    payer: openid,
    couponFen,
    transactionId,
    paidAtMs: Math.floor(now / 1000) * 1000,
    bankType: couponFen === order.totalFen ? 'OTHERS' : 'CFT',
  };
}
