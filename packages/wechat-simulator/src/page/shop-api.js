import { account, state } from './store.js';
import { spoken, t } from './words.js';

/** What the shop did not do, with the words for the person. `code` is stable; `offline`, `slow` and `unclear` are said here. */
export class ShopError extends Error {
  constructor(code, status, message) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const patienceMs = 15_000;

async function fetchJson(path, init) {
  let response;
  let text;
  try {
    response = await fetch(path, { ...init, signal: AbortSignal.timeout(patienceMs) });
    text = await response.text();
  } catch (error) {
    const code = error.name === 'TimeoutError' ? 'slow' : 'offline';
    throw new ShopError(code, 0, t(code === 'slow' ? 'shopSlow' : 'shopOffline'));
  }
  const answer = parsed(text);
  if (response.ok && answer !== undefined) return answer;
  const code = answer?.error ?? 'unclear';
  const said = typeof answer?.message === 'string' ? spoken(answer.message) : t('shopUnclear', { n: response.status });
  throw new ShopError(code, response.status, said);
}

function parsed(text) {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const post = (path, body, headers = {}) =>
  fetchJson(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** Sessions by person, as promises of a token: several questions at once log in once. Only in memory. */
const sessions = new Map();

/** What a mini program does with wx.login, and a page with web authorization, without the person noticing. */
async function login({ appid, openid }) {
  const kind = state.accounts.find((one) => one.appid === appid)?.kind === 'mini-program' ? 'login' : 'oauth';
  const { code } = await post('/_sim/codes', { appid, openid, kind });
  const { token } = await post('/_sim/shop/login', { appid, code });
  return token;
}

function session(person, key) {
  const known = sessions.get(key);
  if (known !== undefined) return known;
  const made = login(person);
  sessions.set(key, made);
  made.catch(() => sessions.delete(key));
  return made;
}

/** Asks the shop as `person`. A session that is over is made anew, once. */
async function ask(person, method, path, { body, key } = {}) {
  const name = `${person.appid} ${person.openid}`;
  for (let again = false; ; again = true) {
    const pending = session(person, name);
    const headers = {
      authorization: `Bearer ${await pending}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    try {
      return await fetchJson(`/_sim/shop${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      if (again || error.status !== 401) throw error;
      if (sessions.get(name) === pending) sessions.delete(name);
    }
  }
}

const at = (number) => `/orders/${encodeURIComponent(number)}`;
const search = (values) =>
  new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== null)).toString();

/** The shop as one person sees it: ingress's mini-program API. Everything rejects with a ShopError. */
export const shopFor = (person) => ({
  goods: () => ask(person, 'GET', '/goods'),
  coupons: (kind, cursor) => ask(person, 'GET', `/coupons?${search({ state: kind, cursor })}`),
  quotes: (basket) => ask(person, 'POST', '/quotes', { body: basket }),
  placeOrder: (order, key) => ask(person, 'POST', '/orders', { body: order, key }),
  orders: (cursor) => ask(person, 'GET', `/orders?${search({ cursor })}`),
  order: (number) => ask(person, 'GET', at(number)),
  payment: (number) => ask(person, 'GET', `${at(number)}/payment`),
  cancel: (number) => ask(person, 'POST', `${at(number)}/cancel`, { body: {} }),
  refund: (number, request, key) => ask(person, 'POST', `${at(number)}/refunds`, { body: request, key }),
});

/** WeChat Pay on the phone: what the person sees and does there. `who` names the order, `{ payment }` or `{ outTradeNo }`. */
export const cashier = {
  look: (who) => post('/_sim/pay/cashier', who),
  pay: (who) => post('/_sim/pay/pay', who),
  fail: (who, reason) => post('/_sim/pay/fail', { ...who, reason }),
};

/** The till's one question. The simulator adds the till's own token. */
export const redeem = (request) => post('/_sim/till/redemptions', request);

/** A key that marks repeats of one request. Without crypto.randomUUID: that is not there on plain http from elsewhere. */
export const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const shopName = () => t('shopOf', { name: account()?.name ?? '' });
