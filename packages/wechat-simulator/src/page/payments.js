import { byId, h, tabs } from './dom.js';
import { price } from './money.js';
import { showNotice } from './notice-detail.js';
import { showPayOrder } from './pay-order-detail.js';
import { platform } from './platform.js';
import { on, state, update } from './store.js';
import { exactTime } from './times.js';
import { row } from './wire-parts.js';
import { onLanguage, t } from './words.js';

const kept = 100;

/** What came since the last drawing: under load hundreds a second, and ten drawings a second are enough. */
const waiting = { payOrders: new Map(), payRefunds: new Map(), notices: new Map() };
const keys = { payOrders: 'outTradeNo', payRefunds: 'outRefundNo', notices: 'id' };
const pauseMs = 100;
let timer;

/** `items` (newest first) with those that came: changed ones stay where they are, new ones come first. */
function merged(items, came, key) {
  const known = new Set(items.map((item) => item[key]));
  const fresh = [...came.values()].filter((item) => !known.has(item[key])).toReversed();
  return [...fresh, ...items.map((item) => came.get(item[key]) ?? item)].slice(0, kept);
}

function settle() {
  timer = undefined;
  const changes = {};
  for (const [name, came] of Object.entries(waiting)) {
    if (came.size > 0) changes[name] = merged(state[name], came, keys[name]);
    came.clear();
  }
  const newest = changes.notices?.[0];
  if (state.noticeId === undefined && newest !== undefined) changes.noticeId = newest.id;
  if (state.payOrderNo === undefined && changes.payOrders?.length > 0)
    changes.payOrderNo = changes.payOrders[0].outTradeNo;
  update(changes);
}

/** Takes in what WeChat Pay says of itself on the stream. */
export function hearPayment({ order, refund, notice }) {
  if (order !== undefined) waiting.payOrders.set(order.outTradeNo, order);
  if (refund !== undefined) waiting.payRefunds.set(refund.outRefundNo, refund);
  if (notice !== undefined) waiting.notices.set(notice.id, notice);
  timer ??= setTimeout(settle, pauseMs);
}

/** Fetches what WeChat Pay knows. A platform without it has nothing to show. */
export async function loadPayments() {
  try {
    const { on: payOn } = await platform.pay();
    if (!payOn) return update({ payOn: false });
    const [orders, refunds, notices] = await Promise.all([
      platform.payOrders(),
      platform.payRefunds(),
      platform.payNotices(),
    ]);
    return update({
      payOn: true,
      payOrders: orders.items,
      payRefunds: refunds.items,
      notices: notices.items,
      noticeId: state.noticeId ?? notices.items[0]?.id,
      payOrderNo: state.payOrderNo ?? orders.items[0]?.outTradeNo,
    });
  } catch {
    return update({ payOn: false });
  }
}

const ofWhom = ({ openid }) => state.followers.find((person) => person.openid === openid)?.name;

const isDelivered = { delivered: true, 'given-up': false };

function noticeRow(notice) {
  const tries = notice.attempts.length;
  return row({
    selected: notice.id === state.noticeId,
    good: isDelivered[notice.state],
    title: t(notice.of === 'refund' ? 'noticeRefund' : 'noticePay'),
    text: [t(`notice_${notice.state}`), tries > 1 ? `${tries}×` : '', notice.outTradeNo]
      .filter((part) => part !== '')
      .join(' · '),
    time: exactTime(notice.createdAt),
    choose: () => update({ noticeId: notice.id }),
  });
}

const isGood = { SUCCESS: true, REFUND: true, CLOSED: false };

function orderRow(order) {
  return row({
    selected: order.outTradeNo === state.payOrderNo,
    good: isGood[order.state],
    title: `${price(order.totalFen)} ${t(`pay_${order.state}`)}`,
    text: [ofWhom(order), order.outTradeNo].filter((part) => part !== undefined).join(' · '),
    time: exactTime(order.createdAt),
    choose: () => update({ payOrderNo: order.outTradeNo }),
  });
}

/** The list keeps the keyboard's place: the row looked at. */
function redrawList(list, rows) {
  const had = list.contains(document.activeElement);
  list.replaceChildren(...rows);
  if (had) list.querySelector('[aria-current]')?.focus({ preventScroll: true });
}

const nothing = (items, none, pick) =>
  h('p', { class: 'empty' }, t(state.payOn === false ? 'payOff' : items.length === 0 ? none : pick));

let openTab = 0;

function renderNotice() {
  const detail = byId('notice-detail');
  const notice = state.notices.find(({ id }) => id === state.noticeId);
  if (notice === undefined) return detail.replaceChildren(nothing(state.notices, 'emptyNotices', 'pickNotice'));
  const { buttons, panels } = showNotice(notice);
  const hadFocus = [...detail.querySelectorAll('[role="tab"]')].includes(document.activeElement);
  const body = h('div', { class: 'detail-body', role: 'tabpanel', tabindex: 0 });
  const choose = tabs(buttons, (index) => {
    openTab = index;
    body.setAttribute('aria-label', buttons[index].textContent);
    body.replaceChildren(...panels[index]());
  });
  detail.replaceChildren(h('div', { class: 'tabs', role: 'tablist', 'aria-label': t('notices') }, buttons), body);
  choose(openTab, hadFocus);
}

function renderOrder() {
  const detail = byId('pay-order-detail');
  const order = state.payOrders.find(({ outTradeNo }) => outTradeNo === state.payOrderNo);
  detail.replaceChildren(
    order === undefined ? nothing(state.payOrders, 'emptyPayOrders', 'pickPayOrder') : showPayOrder(order),
  );
}

const renderNotices = () => redrawList(byId('notice-list'), state.notices.map(noticeRow));
const renderOrders = () => redrawList(byId('pay-order-list'), state.payOrders.map(orderRow));

/** The panels of WeChat Pay's notices and of its orders. */
export function showPayments() {
  on(['notices', 'noticeId'], renderNotices);
  on(['notices', 'noticeId', 'payOn'], renderNotice);
  on(['payOrders', 'payOrderNo', 'followers'], renderOrders);
  on(['payOrders', 'payOrderNo', 'payRefunds', 'notices', 'payOn'], renderOrder);
  onLanguage(() => [renderNotices, renderNotice, renderOrders, renderOrder].forEach((render) => render()));
}
