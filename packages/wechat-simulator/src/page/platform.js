import { toast } from './dom.js';
import { t } from './words.js';

async function call(method, path, body) {
  const init = {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  };
  const response = await fetch(path, init);
  const text = await response.text();
  const answer = text === '' ? null : JSON.parse(text);
  if (!response.ok) throw new Error(answer?.message ?? `HTTP ${response.status}`);
  return answer;
}

const query = (values) =>
  new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined)).toString();

/** The control interface, as far as the page needs it. Rejects with the platform's own words. */
export const platform = {
  accounts: () => call('GET', '/_sim/accounts'),
  followers: (appid) => call('GET', `/_sim/followers?${query({ appid, limit: 200 })}`),
  messages: (appid, openid) => call('GET', `/_sim/messages?${query({ appid, openid })}`),
  pushes: (appid, openid) => call('GET', `/_sim/pushes?${query({ appid, openid })}`),
  menu: (appid, openid) => call('GET', `/_sim/menu?${query({ appid, openid })}`),
  qrCodes: (appid) => call('GET', `/_sim/qr-codes?${query({ appid })}`),
  templates: (appid, openid) => call('GET', `/_sim/templates?${query({ appid, openid })}`),
  calls: () => call('GET', '/_sim/calls'),
  faults: () => call('GET', '/_sim/faults'),
  clock: () => call('GET', '/_sim/clock'),
  events: (openid, cursor) => call('GET', `/_sim/events?${query({ openid, limit: 200, cursor })}`),
  push: (body) => call('POST', '/_sim/push', body),
  consent: (body) => call('POST', '/_sim/consents', body),
  browse: (appid, openid) => call('POST', '/_sim/browser', { appid, openid }),
  addFollower: (appid) => call('POST', '/_sim/followers', { appid, following: false }),
  changeFollower: (openid, change) => call('PATCH', `/_sim/followers/${encodeURIComponent(openid)}`, change),
  addFault: (fault) => call('POST', '/_sim/faults', fault),
  removeFault: (id) => call('DELETE', `/_sim/faults/${id}`),
  clearFaults: () => call('DELETE', '/_sim/faults'),
  pay: () => call('GET', '/_sim/pay'),
  payOrders: () => call('GET', '/_sim/pay/orders?limit=100'),
  payRefunds: () => call('GET', '/_sim/pay/refunds?limit=100'),
  payNotices: () => call('GET', '/_sim/pay/notices?limit=100'),
  settleRefund: (number, outcome) => call('POST', `/_sim/pay/refunds/${encodeURIComponent(number)}`, { outcome }),
  sendNotice: (id) => call('POST', `/_sim/pay/notices/${encodeURIComponent(id)}/send`, {}),
  hurryNotices: () => call('POST', '/_sim/pay/notices/hurry', {}),
  shiftClock: (shiftMs) => call('POST', '/_sim/clock', { shiftMs }),
};

/** Runs what a tap started; what goes wrong is said at the foot of the page. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(t('failed', { why: error.message }));
    return undefined;
  }
}

/** Everything as it happens. `hear` gets (type, data), `connected` whether the stream is up. */
export function listen(hear, connected) {
  const source = new EventSource('/_sim/stream');
  source.addEventListener('open', () => connected(true));
  source.addEventListener('error', () => connected(false));
  for (const type of ['push', 'message', 'call', 'account', 'followers', 'faults', 'clock', 'typing', 'pay']) {
    source.addEventListener(type, (event) => hear(type, JSON.parse(event.data)));
  }
}
