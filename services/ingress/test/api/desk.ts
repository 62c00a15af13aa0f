import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { noticeKeys } from '../pay.ts';
import { openShop, send } from '../shop.ts';
import type { Commanded, Outcome, Sending, Shop } from '../shop.ts';
import type { Asked } from '../stand-in.ts';
import { account, startIngress } from '../system.ts';

export const accounts = [account(), account({ appid: 'wxmini', kind: 'mini-program', isDefault: false })];
export const [official] = accounts as [(typeof accounts)[0]];

/** The system all rooms share, and an ingress of it; there once the tests run. */
export let shop: Shop;
export let ingress: Awaited<ReturnType<typeof startIngress>>;

/** What a client pays with. */
export const parameters = {
  appId: 'wx1',
  timeStamp: '1767225600',
  nonceStr: 'n',
  package: 'prepay_id=p',
  signType: 'RSA',
  paySign: 's',
};

/** Orders payment knows, by number. */
export const orders = new Map<string, Record<string, unknown>>();
/** An order as payment tells it. */
export const orderOf = (outTradeNo: string, openid: string, more: Record<string, unknown> = {}) => ({
  outTradeNo,
  appid: official.appid,
  openid,
  state: 'unpaid',
  totalFen: 6400,
  payableFen: 5900,
  transactionId: 'secret-of-payment',
  refunds: [],
  ...more,
});

function answerAsPayment({ path, query }: Asked) {
  const [, list, outTradeNo = '', tail] = path.split('/');
  if (list === 'platform-keys') return { json: { certificates: [] } };
  if (outTradeNo === '') {
    const own = [...orders.values()].filter((order) => order['openid'] === query['openid']);
    return { json: { items: own, next: null } };
  }
  const order = orders.get(outTradeNo);
  if (order === undefined) return { status: 404, json: { error: 'not_found' } };
  if (tail !== 'payment') return { json: order };
  return order['state'] === 'unpaid' ? { json: parameters } : { status: 409, json: { error: 'not_payable' } };
}

/** Payment takes every order. */
export function takeOrders({ command }: Commanded): Outcome | undefined {
  if (command.case !== 'createOrder') return undefined;
  const { outTradeNo, openid } = command.value;
  orders.set(outTradeNo, orderOf(outTradeNo, openid));
  const ready = { totalFen: 6400n, discountFen: 500n, payableFen: 5900n };
  return { case: 'order', value: { outTradeNo, outcome: { case: 'ready', value: ready } } };
}

/** Asks the ingress all rooms share. */
export const post = (path: string, body: unknown, sending: Sending = {}) =>
  send('POST', ingress.url + path, body, sending);
export const get = (path: string, token?: string) => send('GET', ingress.url + path, undefined, { token });

/** Logs a follower in; his token. */
export async function login(openid: string): Promise<string> {
  const { json } = await post('/api/login', { code: `code-${openid}` });
  return (json as { token: string }).token;
}

let keysMade = 0;
/** An idempotency key nobody used. */
export const newKey = () => `key-${String(++keysMade).padStart(8, '0')}`;
/** Two things for 6400 fen. */
export const basket = {
  lines: [
    { sku: 'latte', quantity: 1 },
    { sku: 'cake', quantity: 1 },
  ],
};
/** The orders that were commanded so far. */
export const creates = () => shop.commanded.filter(({ command }) => command.case === 'createOrder');

/** Opens the system before the first test and removes it after the last; each test begins with a payment that takes every order. */
export function openDesk(): void {
  beforeAll(async () => {
    shop = await openShop('api');
    ingress = await startIngress(shop, {
      accounts,
      noticeKeys,
      env: { ...shop.settings, OUTCOME_WAIT_MS: '1500', LIMIT_WRITES_PER_MINUTE: '1000' },
    });
  }, 60_000);

  afterAll(async () => {
    await ingress?.stop();
    await shop?.remove();
  }, 60_000);

  beforeEach(() => {
    shop.decide = takeOrders;
    shop.payment.answer = answerAsPayment;
  });
}
