import { countOf, filled, linesOf, totalFenOf } from './cart.js';
import { pickCoupon } from './coupon-picker.js';
import { askText } from './dialogs.js';
import { h, redraw } from './dom.js';
import { refreshEvents } from './events.js';
import { icon } from './icons.js';
import { price } from './money.js';
import { newKey } from './shop-api.js';
import { fill, goodTile, priceTag, rows, trouble } from './shop-parts.js';
import { t } from './words.js';

const basketOf = ({ cart, place }) => ({ lines: linesOf(cart), ...(place === '' ? {} : { shop: place }) });

/** The quote in use: the best one unless the person chose, and no other in its place when that one is not usable. */
function quoteInUse(visit, quotes) {
  const usable = quotes.filter((quote) => quote.usable);
  if (visit.coupon === 'best') return usable[0];
  return usable.find(({ coupon }) => coupon.code === visit.coupon);
}

const lineRow = ({ name, category, quantity, priceFen }, offFen) =>
  h(
    'li',
    { class: 'bought' },
    goodTile({ name, category }),
    h('span', { class: 'good-name' }, h('strong', {}, name), h('small', {}, `${price(priceFen)} × ${quantity}`)),
    h(
      'span',
      { class: 'bought-sum' },
      h('span', {}, price(priceFen * quantity)),
      offFen > 0 ? h('small', { class: 'off' }, price(-offFen)) : null,
    ),
  );

/** Where the coupon is counted: what the row beside it says. */
function couponWord({ quotes, failed }, quote) {
  if (failed) return t('couponsAway');
  if (quotes === undefined) return t('loading');
  if (quote !== undefined) return h('b', { class: 'off' }, price(-quote.discountFen));
  const usable = quotes.filter((one) => one.usable).length;
  return t(usable === 0 ? 'couponNone' : 'couponsUsable', { n: usable });
}

const chooser = (key, label, value, act) =>
  h(
    'button',
    { type: 'button', class: 'chooser', 'data-key': key, onclick: act },
    h('span', {}, label),
    h('span', { class: 'chooser-value' }, value),
    icon('next'),
  );

/** What is about to be ordered: lines, coupon, shop, what is to be paid. */
export function showCheckout(place) {
  const { visit, shop, body, bar, layer, signal } = place;
  const now = { quotes: undefined, failed: undefined, sending: false, refused: undefined };
  let asked = 0;

  async function quote() {
    asked += 1;
    const mine = asked;
    Object.assign(now, { quotes: undefined, failed: undefined });
    draw();
    const answer = await shop.quotes(basketOf(visit)).catch((error) => error);
    if (mine !== asked || signal.aborted) return;
    if (answer instanceof Error) now.failed = answer;
    else now.quotes = answer.items;
    draw();
  }

  const choose = (code) => {
    visit.coupon = code;
    now.refused = undefined;
    draw();
  };

  async function choosePlace() {
    const known = (now.quotes ?? []).flatMap(({ coupon }) => coupon.rules?.scope?.shops ?? coupon.rules?.shops ?? []);
    const text = await askText({
      title: t('placeTitle'),
      label: t('placeLabel'),
      value: visit.place,
      choicesLabel: t('placeChoices'),
      choices: [...new Set(known)],
    });
    if (text === undefined || signal.aborted) return;
    visit.place = text.trim();
    await quote();
  }

  async function submit() {
    const inUse = quoteInUse(visit, now.quotes ?? []);
    const order = { ...basketOf(visit), ...(inUse === undefined ? {} : { couponCode: inUse.coupon.code }) };
    const content = JSON.stringify(order);
    if (visit.orderContent !== content) Object.assign(visit, { orderContent: content, orderKey: newKey() });
    Object.assign(now, { sending: true, refused: undefined });
    draw();
    try {
      const { order: placed, payment } = await shop.placeOrder(order, visit.orderKey);
      // Ordered, whether this screen is still looked at or not.
      Object.assign(visit, { cart: new Map(), coupon: 'best', orderContent: undefined });
      void refreshEvents();
      if (signal.aborted) return;
      visit.way = [{ name: 'goods' }, { name: 'checkout' }];
      place.replace('order', { outTradeNo: placed.outTradeNo, order: placed, payment, fresh: true });
    } catch (error) {
      // An answer is final for its key; without one the next press must be the same order.
      if (error.status > 0 && error.status < 500) visit.orderContent = undefined;
      Object.assign(now, { sending: false, refused: error });
      if (signal.aborted) return;
      if (error.status === 409) void quote();
      else draw();
    }
  }

  function draw() {
    const lines = filled(visit.cart, visit.goods ?? []);
    const inUse = quoteInUse(visit, now.quotes ?? []);
    const totalFen = totalFenOf(lines);
    const offFen = inUse?.discountFen ?? 0;
    redraw(
      body,
      now.refused === undefined ? null : trouble(now.refused),
      now.refused?.status === 0 ? h('p', { class: 'muted aside' }, t('sameOrder')) : null,
      h(
        'ul',
        { class: 'sheet-card' },
        lines.map((line, index) => lineRow(line, inUse?.lineFen?.[index] ?? 0)),
      ),
      h(
        'div',
        { class: 'sheet-card' },
        chooser('coupon', t('useCoupon'), couponWord(now, inUse), () => {
          if (now.failed) void quote();
          else if (now.quotes) pickCoupon(layer, now.quotes, inUse?.coupon.code ?? null, choose);
        }),
        inUse === undefined ? null : h('p', { class: 'muted aside' }, inUse.coupon.campaignName),
        chooser('place', t('place'), visit.place === '' ? t('placeNone') : visit.place, () => void choosePlace()),
      ),
      now.failed ? h('p', { class: 'muted aside' }, t('couponsAwayLong')) : null,
      h(
        'div',
        { class: 'sheet-card' },
        rows([
          [t('sum'), price(totalFen)],
          [t('discount'), price(-offFen), offFen > 0 ? 'off' : ''],
          [t('payable'), priceTag(Math.max(totalFen - offFen, 0)), 'total'],
        ]),
      ),
    );
    redraw(
      bar,
      h(
        'p',
        { class: 'bar-sum', role: 'status' },
        priceTag(Math.max(totalFen - offFen, 0)),
        h('small', {}, offFen > 0 ? t('takesOff', { yuan: price(offFen) }) : t('cartCount', { n: countOf(lines) })),
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'primary',
          'data-key': 'submit',
          disabled: now.sending || lines.length === 0 || (now.quotes === undefined && !now.failed),
          onclick: () => void submit(),
        },
        t(now.sending ? 'submitting' : 'submit'),
      ),
    );
  }

  if (visit.goods === undefined)
    void fill(
      place,
      () => shop.goods(),
      ({ items }) => {
        visit.goods = items;
        void quote();
      },
    );
  else void quote();
}
