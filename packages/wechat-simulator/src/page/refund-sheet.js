import { h, redraw } from './dom.js';
import { fenOf, plainYuan, price } from './money.js';
import { openSheet } from './sheet.js';
import { newKey } from './shop-api.js';
import { trouble } from './shop-parts.js';
import { t } from './words.js';

/** Asks how much to give back and why, and sends it. `order.leftFen` is what can still be refunded. */
export function askRefund(layer, shop, order, sent) {
  const form = { whole: true, sum: plainYuan(order.leftFen), reason: '', busy: false, note: undefined };
  let key = newKey();
  let keyOf;
  const sheet = openSheet(layer, { title: t('refundTitle'), content: [] });

  async function send() {
    const refundFen = form.whole ? undefined : fenOf(form.sum);
    if (!form.whole && (refundFen === undefined || refundFen > order.leftFen)) {
      form.note = h('p', { class: 'trouble', role: 'alert' }, t('refundWrong', { yuan: price(order.leftFen) }));
      return draw();
    }
    const reason = form.reason.trim();
    const request = { ...(form.whole ? {} : { refundFen }), ...(reason === '' ? {} : { reason }) };
    // The same request again is the same refund; another one is not.
    if (keyOf !== undefined && keyOf !== JSON.stringify(request)) key = newKey();
    keyOf = JSON.stringify(request);
    Object.assign(form, { busy: true, note: undefined });
    draw();
    try {
      await shop.refund(order.outTradeNo, request, key);
      sheet.close();
      sent();
    } catch (error) {
      Object.assign(form, { busy: false, note: trouble(error) });
      draw();
    }
    return undefined;
  }

  const choice = (whole, label, note) =>
    h(
      'label',
      { class: 'choice-row' },
      h('input', {
        type: 'radio',
        name: 'refund',
        'data-key': `whole ${whole}`,
        checked: form.whole === whole,
        onchange: () => {
          form.whole = whole;
          draw();
        },
      }),
      h('span', {}, t(label)),
      h('b', {}, note),
    );

  function field(id, label, name, props = {}) {
    const input = h('input', { type: 'text', id, 'data-key': id, autocomplete: 'off', maxlength: 80, ...props });
    input.value = form[name];
    input.addEventListener('input', () => (form[name] = input.value));
    return h('p', { class: 'field' }, h('label', { for: id }, t(label)), input);
  }

  function draw() {
    redraw(
      sheet.body,
      form.note ?? null,
      h(
        'fieldset',
        { class: 'choices' },
        h('legend', { class: 'offscreen' }, t('refundTitle')),
        choice(true, 'refundWhole', price(order.leftFen)),
        order.leftFen > 1 ? choice(false, 'refundPart', '') : null,
      ),
      form.whole ? null : field('refund-sum', 'refundSum', 'sum', { inputmode: 'decimal' }),
      field('refund-reason', 'refundReason', 'reason', { placeholder: t('refundReasonHint') }),
      order.couponCode ? h('p', { class: 'muted aside' }, t('refundWholeNote')) : null,
      h(
        'button',
        { type: 'button', class: 'primary wide', 'data-key': 'send', disabled: form.busy, onclick: () => void send() },
        t('refundSend'),
      ),
    );
  }
  draw();
}
