import { countOf } from './cart.js';
import { h, redraw } from './dom.js';
import { standing } from './order-state.js';
import { fill, priceTag, trouble } from './shop-parts.js';
import { dayTime } from './times.js';
import { known, t } from './words.js';

function orderRow(order, visit, open) {
  const where = standing(order, visit.paid.has(order.outTradeNo));
  const lines = order.lines ?? [];
  const names = lines.map(({ name }) => name).join('、');
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'order-row', 'data-key': order.outTradeNo, onclick: open },
      h(
        'span',
        { class: 'order-row-head' },
        h('time', { datetime: order.createdAt }, dayTime(order.createdAt)),
        h('b', { data: { where } }, known(`state_${where}`) ? t(`state_${where}`) : where),
      ),
      h('strong', {}, names),
      h(
        'span',
        { class: 'order-row-foot' },
        h('small', {}, t('cartCount', { n: countOf(lines) })),
        order.discountFen > 0 ? h('span', { class: 'tag' }, t('useCoupon')) : null,
        priceTag(order.payableFen ?? order.totalFen),
      ),
    ),
  );
}

/** Everything this person ordered, newest first. */
export function showOrders(place) {
  const { visit, shop, body, signal, go } = place;
  void fill(
    place,
    () => shop.orders(),
    (first) => {
      let { items, next } = first;
      let failed;
      const more = async () => {
        const page = await shop.orders(next).catch((error) => error);
        if (signal.aborted) return;
        failed = page instanceof Error ? page : undefined;
        if (failed === undefined) [items, next] = [[...items, ...page.items], page.next];
        draw();
      };
      const open = ({ outTradeNo }) => go('order', { outTradeNo });
      const draw = () =>
        redraw(
          body,
          items.length === 0 ? h('p', { class: 'empty' }, t('noOrders')) : null,
          h(
            'ul',
            { class: 'orders' },
            items.map((order) => orderRow(order, visit, () => open(order))),
          ),
          failed === undefined ? null : trouble(failed),
          next
            ? h(
                'button',
                { type: 'button', class: 'plain wide', 'data-key': 'more', onclick: () => void more() },
                t('moreItems'),
              )
            : null,
        );
      draw();
    },
  );
}
