import { changed, countOf, filled, totalFenOf } from './cart.js';
import { h, redraw } from './dom.js';
import { fill, goodTile, priceTag } from './shop-parts.js';
import { t } from './words.js';

function stepper(visit, good, draw) {
  const quantity = visit.cart.get(good.sku) ?? 0;
  const step = (by) => () => {
    visit.cart = changed(visit.cart, good.sku, by);
    draw();
  };
  const less = h(
    'button',
    {
      type: 'button',
      class: 'step',
      'data-key': `less ${good.sku}`,
      'aria-label': t('less', { name: good.name }),
      onclick: step(-1),
    },
    '−',
  );
  const more = h(
    'button',
    {
      type: 'button',
      class: 'step more',
      'data-key': `more ${good.sku}`,
      'aria-label': t('moreOf', { name: good.name }),
      onclick: step(1),
    },
    '+',
  );
  return h('span', { class: 'stepper' }, ...(quantity === 0 ? [] : [less, h('output', {}, String(quantity))]), more);
}

function goodRow(visit, good, draw) {
  return h(
    'li',
    { class: 'good-row' },
    goodTile(good),
    h('span', { class: 'good-name' }, h('strong', {}, good.name), h('small', {}, good.category ?? '')),
    priceTag(good.priceFen),
    stepper(visit, good, draw),
  );
}

function cartBar({ visit, go }) {
  const lines = filled(visit.cart, visit.goods);
  const count = countOf(lines);
  return [
    h(
      'p',
      { class: 'bar-sum', role: 'status' },
      count === 0
        ? h('span', { class: 'muted' }, t('cartEmpty'))
        : [priceTag(totalFenOf(lines)), h('small', {}, t('cartCount', { n: count }))],
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'primary',
        'data-key': 'checkout',
        disabled: count === 0,
        onclick: () => go('checkout'),
      },
      t('checkout'),
    ),
  ];
}

/** What is on sale, and the cart. */
export function showGoods(place) {
  const { visit, shop, body, bar } = place;
  void fill(
    place,
    () => shop.goods(),
    ({ items }) => {
      visit.goods = items;
      const draw = () => {
        const list = h(
          'ul',
          { class: 'goods' },
          items.map((good) => goodRow(visit, good, draw)),
        );
        redraw(body, items.length === 0 ? h('p', { class: 'empty' }, t('noGoods')) : list);
        redraw(bar, cartBar(place));
      };
      draw();
    },
  );
}
