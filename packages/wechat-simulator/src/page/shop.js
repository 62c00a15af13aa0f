import { showCheckout } from './checkout.js';
import { showCoupon, showCoupons } from './coupons.js';
import { byId, h, redraw } from './dom.js';
import { showGoods } from './goods.js';
import { icon } from './icons.js';
import { showOrder } from './order.js';
import { showOrders } from './orders.js';
import { newKey, shopFor } from './shop-api.js';
import { account, on, state } from './store.js';
import { onLanguage, t } from './words.js';

/**
 * Every screen is a function of its place: the person's visit and shop, where to draw (`body`, `bar`), where sheets go
 * (`layer`), the ways out, and `signal`, which ends when the screen is left. It may return `hear`, called when WeChat Pay did something.
 */
const screens = {
  goods: { tab: 'goods', show: showGoods },
  orders: { tab: 'orders', show: showOrders },
  coupons: { tab: 'coupons', show: showCoupons },
  checkout: { title: 'confirmOrder', show: showCheckout },
  order: { title: 'orderTitle', show: showOrder },
  coupon: { title: 'couponTitle', show: showCoupon },
};

const tabs = [
  ['goods', 'bag', 'tabGoods'],
  ['orders', 'list', 'tabOrders'],
  ['coupons', 'ticket', 'tabCoupons'],
];

/** What each person has in the cart, and the like, while the page is open. */
const visits = new Map();

function visitOf({ appid, openid }) {
  const key = `${appid} ${openid}`;
  const known = visits.get(key);
  if (known !== undefined) return known;
  const made = {
    person: { appid, openid },
    shop: shopFor({ appid, openid }),
    cart: new Map(),
    /** The shop's number; empty online. */
    place: '',
    /** 'best', a code, or null for none. */
    coupon: 'best',
    /** Marks repeats of one order. */
    orderKey: newKey(),
    /** Orders paid on this phone, of which the shop may not have heard yet. */
    paid: new Set(),
    /** The tab of my coupons looked at. */
    couponsOf: 'usable',
    /** The screens one came by; the last one is seen. */
    way: [{ name: 'goods' }],
  };
  visits.set(key, made);
  return made;
}

let visit;
let leaving = new AbortController();
let hear;

function frame() {
  const head = h('header', { class: 'shop-head' });
  const body = h('div', { class: 'shop-body', tabindex: -1 });
  const bar = h('div', { class: 'shop-bar', tabindex: -1 });
  const foot = h('nav', { class: 'shop-tabs' });
  const layer = h('div', { class: 'shop-layer', hidden: true });
  return { head, body, bar, foot, layer };
}

const parts = frame();

function headOf(screen) {
  const title = h('h2', { tabindex: -1, id: 'shop-title' }, t(screen.title ?? 'shop'));
  const isRoot = visit.way.length === 1;
  const button = (name, label, act) =>
    h('button', { type: 'button', class: 'icon', 'aria-label': label, 'data-key': name, onclick: act }, icon(name));
  if (screen.title === undefined) title.textContent = t('shopOf', { name: account()?.name ?? '' });
  return [
    isRoot ? h('span', { class: 'shop-spacer' }) : button('back', t('back'), back),
    title,
    h('span', { class: 'capsule' }, button('close', t('closeShop'), closeShop)),
  ];
}

function footOf(screen) {
  return tabs.map(([name, picture, label]) =>
    h(
      'button',
      {
        type: 'button',
        'data-key': name,
        'aria-current': screen.tab === name ? 'page' : undefined,
        onclick: () => {
          visit.way = [{ name }];
          show();
        },
      },
      icon(picture),
      t(label),
    ),
  );
}

/** Draws the last screen of the way. `keepFocus`: the same screen in other words. */
function show({ keepFocus = false } = {}) {
  leaving.abort();
  leaving = new AbortController();
  closeLayer();
  const { name, ...params } = visit.way.at(-1);
  const screen = screens[name];
  redraw(parts.head, headOf(screen));
  redraw(parts.foot, footOf(screen));
  parts.foot.hidden = screen.tab === undefined;
  parts.foot.setAttribute('aria-label', t('shopSections'));
  parts.bar.replaceChildren();
  parts.bar.hidden = false;
  parts.body.replaceChildren();
  parts.body.scrollTop = 0;
  hear = screen.show(
    { visit, shop: visit.shop, ...parts, signal: leaving.signal, go, replace, back, retitle },
    params,
  )?.hear;
  if (!keepFocus) parts.head.querySelector('h2').focus({ preventScroll: true });
}

function closeLayer() {
  parts.layer.replaceChildren();
  parts.layer.hidden = true;
  for (const element of [parts.head, parts.body, parts.bar, parts.foot]) element.inert = false;
}

const retitle = (text) => (parts.head.querySelector('h2').textContent = text);

function go(name, params = {}) {
  visit.way = [...visit.way, { name, ...params }];
  show();
}

function replace(name, params = {}) {
  visit.way = [...visit.way.slice(0, -1), { name, ...params }];
  show();
}

function back() {
  if (visit.way.length === 1) return closeShop();
  visit.way = visit.way.slice(0, -1);
  return show();
}

const behind = () => ['phone-title', 'chat', 'composer'].map((name) => document.querySelector(`.phone > .${name}`));

/** Opens the shop over the chat, for the follower chosen, where that person left it. */
export function openShop() {
  if (state.openid === undefined) return;
  visit = visitOf(state);
  byId('shop').hidden = false;
  for (const element of behind()) element.inert = true;
  show();
}

/** Opens the shop at one order. */
export function openOrder(outTradeNo) {
  if (state.openid === undefined) return;
  visitOf(state).way = [{ name: 'orders' }, { name: 'order', outTradeNo }];
  openShop();
}

function closeShop() {
  if (byId('shop').hidden) return;
  leaving.abort();
  hear = undefined;
  closeLayer();
  byId('shop').hidden = true;
  for (const element of behind()) element.inert = false;
  byId('shop-open').focus({ preventScroll: true });
}

/** WeChat Pay did something: the screen looked at may want to look again. */
export function hearPay(event) {
  hear?.(event);
}

/** The shop inside the phone: its entry in the title, and its place over the chat. */
export function showShop() {
  const box = byId('shop');
  box.append(parts.head, parts.body, parts.bar, parts.foot, parts.layer);
  box.setAttribute('role', 'region');
  box.setAttribute('aria-labelledby', 'shop-title');
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && parts.layer.hidden) back();
  });
  byId('shop-open').append(icon('bag'), h('span', { 'data-t': 'shop' }, t('shop')));
  byId('shop-open').addEventListener('click', openShop);
  on(['appid', 'openid'], () => {
    const { appid, openid } = visit?.person ?? {};
    if (!box.hidden && (appid !== state.appid || openid !== state.openid)) openShop();
  });
  onLanguage(() => {
    byId('shop-open').lastChild.textContent = t('shop');
    if (!box.hidden) show({ keepFocus: true });
  });
}
