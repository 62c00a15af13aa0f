import { bounds, condition, lasting, whyNot, worth } from './coupon-words.js';
import { h } from './dom.js';
import { price } from './money.js';
import { openSheet } from './sheet.js';
import { t } from './words.js';

/** A ticket: what it is worth at its left, what it is and until when beside it. `end` goes to its right. */
export function ticket(coupon, { tag = 'div', props = {}, note, end, faded = false } = {}) {
  return h(
    tag,
    { ...props, class: faded ? 'ticket faded' : 'ticket' },
    h('span', { class: 'ticket-worth' }, h('b', {}, worth(coupon)), h('small', {}, condition(coupon))),
    h(
      'span',
      { class: 'ticket-text' },
      h('strong', {}, coupon.campaignName || t('coupon')),
      h(
        'small',
        {},
        [...bounds(coupon), coupon.state === 'redeemed' ? '' : lasting(coupon)]
          .filter((text) => text !== '')
          .join(' · '),
      ),
      note ?? null,
    ),
    end ?? null,
  );
}

function usableRow(quote, index, chosen, choose) {
  const { coupon, discountFen } = quote;
  const end = h(
    'span',
    { class: 'ticket-end' },
    h('b', {}, t('takesOff', { yuan: price(discountFen) })),
    index === 0 ? h('span', { class: 'badge' }, t('best')) : null,
  );
  const props = { type: 'button', 'aria-pressed': chosen === coupon.code, onclick: () => choose(coupon.code) };
  return h('li', {}, ticket(coupon, { tag: 'button', props, end }));
}

const unusableRow = (quote) =>
  h('li', {}, ticket(quote.coupon, { faded: true, note: h('small', { class: 'why' }, whyNot(quote)) }));

/** Which coupon for this cart: usable ones with what they take off, best first, then the others with the reason. */
export function pickCoupon(layer, quotes, chosen, choose) {
  const usable = quotes.filter((quote) => quote.usable);
  const others = quotes.filter((quote) => !quote.usable);
  const take = (code) => {
    sheet.close();
    choose(code);
  };
  const content = [
    quotes.length === 0 ? h('p', { class: 'empty' }, t('noCoupons')) : null,
    usable.length === 0 ? null : h('h3', {}, t('usableHere')),
    h(
      'ul',
      { class: 'tickets' },
      usable.map((quote, index) => usableRow(quote, index, chosen, take)),
    ),
    others.length === 0 ? null : h('h3', {}, t('unusableHere')),
    h('ul', { class: 'tickets' }, others.map(unusableRow)),
    usable.length === 0
      ? null
      : h(
          'button',
          { type: 'button', class: 'plain wide', 'aria-pressed': chosen === null, onclick: () => take(null) },
          t('pickNone'),
        ),
  ].filter((part) => part !== null);
  const sheet = openSheet(layer, { title: t('pickCoupon'), content, className: 'tall' });
}
