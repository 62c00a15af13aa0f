import { h, redraw } from './dom.js';
import { icon } from './icons.js';
import { price } from './money.js';
import { openSheet } from './sheet.js';
import { cashier, shopName } from './shop-api.js';
import { loading, priceTag, rows, trouble } from './shop-parts.js';
import { follower } from './store.js';
import { t } from './words.js';

const failures = [
  ['balance', 'payFailBalance', 'payFailedBalance'],
  ['bank', 'payFailBank', 'payFailedBank'],
];

const dots = (full) =>
  h(
    'span',
    { class: full ? 'password full' : 'password', 'aria-hidden': true },
    Array.from({ length: 6 }, () => h('i', {})),
  );

/**
 * WeChat's own sheet: what wx.requestPayment opens with the parameters the shop got. Resolves with whether it was paid, once the
 * person has closed it.
 */
export function askPayment(layer, openid, payment) {
  return new Promise((resolve) => {
    const who = { openid, payment };
    let paid = false;
    let busy = false;

    function leave() {
      if (busy) return; // as on the phone: what was confirmed is waited for
      sheet.close();
      if (!paid) cashier.fail(who, 'cancel').catch(() => undefined); // only for the record
      resolve(paid);
    }

    const sheet = openSheet(layer, { title: t('wechatPay'), content: [loading()], className: 'pay', dismiss: leave });
    const draw = (...content) => redraw(sheet.body, ...content);

    async function act(order, work, after) {
      busy = true;
      drawAsk(order, undefined);
      const error = await work().then(
        () => undefined,
        (failed) => failed,
      );
      busy = false;
      if (error === undefined) after();
      else drawAsk(order, trouble(error));
    }

    const pay = (order) =>
      act(
        order,
        () => cashier.pay(who),
        () => {
          paid = true;
          drawDone(order);
        },
      );

    const fail = (order, reason, words) =>
      act(
        order,
        () => cashier.fail(who, reason),
        () => drawAsk(order, h('p', { class: 'trouble', role: 'alert' }, t(words))),
      );

    function drawAsk(order, note) {
      draw(
        h('p', { class: 'pay-to' }, t('payTo', { name: shopName() })),
        h('p', { class: 'pay-sum' }, priceTag(order.totalFen)),
        h('p', { class: 'muted pay-what' }, order.description),
        note ?? null,
        rows([
          [t('payer'), follower()?.name ?? ''],
          [t('payMethod'), t('payChange')],
          [t('payPassword'), dots(busy)],
        ]),
        h('p', { class: 'muted pay-note' }, t('payNoPassword')),
        h(
          'button',
          { type: 'button', class: 'primary wide', 'data-key': 'pay', disabled: busy, onclick: () => void pay(order) },
          busy ? t('paying') : t('payGo', { yuan: price(order.totalFen) }),
        ),
        h(
          'button',
          { type: 'button', class: 'plain wide', 'data-key': 'cancel', disabled: busy, onclick: leave },
          t('cancel'),
        ),
        h(
          'p',
          { class: 'pay-fails' },
          t('payFails'),
          failures.map(([reason, label, words]) =>
            h(
              'button',
              {
                type: 'button',
                class: 'inline-link',
                'data-key': reason,
                disabled: busy,
                onclick: () => void fail(order, reason, words),
              },
              t(label),
            ),
          ),
        ),
      );
    }

    function drawDone(order) {
      sheet.setTitle(t('payDone'));
      draw(
        h('p', { class: 'pay-mark', 'aria-hidden': true }, icon('check')),
        h('p', { class: 'pay-done', role: 'status' }, t('payDone')),
        h('p', { class: 'pay-sum' }, priceTag(order.totalFen)),
        h('p', { class: 'muted pay-what' }, shopName()),
        h('button', { type: 'button', class: 'primary wide', 'data-key': 'done', onclick: leave }, t('finish')),
      );
      sheet.body.querySelector('[data-key="done"]').focus({ preventScroll: true });
    }

    cashier.look(who).then(
      ({ order }) => {
        drawAsk(order);
        sheet.body.querySelector('[data-key="pay"]')?.focus({ preventScroll: true });
      },
      (error) => draw(trouble(error), h('button', { type: 'button', class: 'plain wide', onclick: leave }, t('close'))),
    );
  });
}
