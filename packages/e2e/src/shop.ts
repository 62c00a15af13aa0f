import { until } from '@lingquan/test-kit';
import { account, tillToken } from './system.ts';
import type { System } from './system.ts';

/** An answer's status and JSON. */
export type Answer<T> = { status: number; body: T };

async function call<T>(url: string, init: RequestInit = {}): Promise<Answer<T>> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}

const posted = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export type Refund = { outRefundNo: string; refundFen: number; state: string };
export type Order = {
  outTradeNo: string;
  state: string;
  couponCode: string | null;
  couponState: string | null;
  totalFen: number;
  discountFen: number;
  payableFen: number;
  paidFen: number;
  refundedFen: number;
  transactionId: string | null;
  refunds: Refund[];
};
export type PaymentParameters = Record<string, string>;

export type Coupon = { code: string; state: string };

/** What one follower does in the shop, through the mini-program API, and at the platform's payment sheet. */
export async function openShop({ urlOf }: System, openid: string) {
  const ingress = urlOf('ingress');
  const simulator = urlOf('simulator');
  const appid = account.WECHAT_APP_ID;
  const { body: grant } = await call<{ code: string }>(
    `${simulator}/_sim/codes`,
    posted({ kind: 'oauth', openid, appid, scope: 'snsapi_base' }),
  );
  const login = await call<{ token: string }>(`${ingress}/api/login`, posted({ appid, code: grant.code }));
  if (login.status !== 200) throw new Error(`/api/login: ${login.status} ${JSON.stringify(login.body)}`);
  const session = { authorization: `Bearer ${login.body.token}` };
  const get = <T>(path: string) => call<T>(`${ingress}/api${path}`, { headers: session });
  const post = <T>(path: string, body: object, key?: string) =>
    call<T>(
      `${ingress}/api${path}`,
      posted(body, { ...session, ...(key === undefined ? {} : { 'idempotency-key': key }) }),
    );
  const show = async (outTradeNo: string) => (await get<{ order: Order } & Order>(`/orders/${outTradeNo}`)).body;

  return {
    get,
    post,
    goods: async () => (await get<{ items: { sku: string; priceFen: number }[] }>('/goods')).body.items,
    coupons: async (state: string) => (await get<{ items: Coupon[] }>(`/coupons?state=${state}`)).body.items,
    order: (body: object, key: string) =>
      post<{ order: Order; payment?: PaymentParameters; reason?: string }>('/orders', body, key),
    show,
    /** The person confirms in WeChat's payment sheet. */
    pay: (payment: PaymentParameters) => call<unknown>(`${simulator}/_sim/pay/pay`, posted({ payment, openid })),
    refund: (outTradeNo: string, body: object, key: string) =>
      post<unknown>(`/orders/${outTradeNo}/refunds`, body, key),
    /** Resolves with the order once `holds` says so. */
    until: (outTradeNo: string, holds: (order: Order) => boolean, what: string) =>
      until(
        async () => {
          const order = await show(outTradeNo);
          return holds(order) && order;
        },
        what,
        120_000, // a lost notice of a refund is found by asking, a minute after the refund
      ),
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

/** A cashier takes a coupon. */
export const redeem = ({ urlOf }: System, body: object) =>
  call<{ outcome: string; worthFen?: number; reason?: string; message?: string }>(
    `${urlOf('ingress')}/redemptions`,
    posted(body, { authorization: `Bearer ${tillToken}` }),
  );

/** What goes wrong between the merchant and WeChat Pay from now on. */
export async function payFault({ urlOf }: System, fault: object): Promise<void> {
  const answer = await call<unknown>(`${urlOf('simulator')}/_sim/faults`, posted(fault));
  if (answer.status >= 300) throw new Error(`/_sim/faults: ${answer.status} ${JSON.stringify(answer.body)}`);
}

export async function paySettings({ urlOf }: System, settings: object): Promise<void> {
  const answer = await call<unknown>(`${urlOf('simulator')}/_sim/pay/settings`, posted(settings));
  if (answer.status >= 300) throw new Error(`/_sim/pay/settings: ${answer.status} ${JSON.stringify(answer.body)}`);
}
