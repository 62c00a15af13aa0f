import { ticket } from './coupon-picker.js';
import { bounds, condition, lasting, worth } from './coupon-words.js';
import { copyText, h, redraw, toast } from './dom.js';
import { fill, trouble } from './shop-parts.js';
import { dayTime } from './times.js';
import { t } from './words.js';

const kinds = [
  ['usable', 'tabUsable', 'noCoupons'],
  ['used', 'tabUsed', 'emptyUsed'],
  ['expired', 'tabExpired', 'emptyExpired'],
];

/** What became of a coupon that cannot be shown any more, or is held. */
function noteOf({ state, redeemedAt, redeemedBy }) {
  if (state === 'locked') return t('couponHeld');
  if (state === 'revoked') return t('couponRevoked');
  if (state !== 'redeemed') return undefined;
  const at = redeemedAt ? dayTime(redeemedAt) : '';
  if (redeemedBy?.shop) return t('usedAtTill', { at, shop: redeemedBy.shop });
  return t(redeemedBy?.outTradeNo ? 'usedByOrder' : 'usedAt', { at });
}

function couponRow(coupon, go) {
  const note = noteOf(coupon);
  const text = note === undefined ? undefined : h('small', { class: 'why' }, note);
  const order = coupon.redeemedBy?.outTradeNo ?? (coupon.state === 'locked' ? coupon.lockedBy : undefined);
  const faded = coupon.state !== 'issued';
  if (faded && !order) return h('li', {}, ticket(coupon, { faded, note: text }));
  const end = h('span', { class: 'ticket-end' }, h('span', {}, `${t(faded ? 'seeOrder' : 'showCode')} ›`));
  const act = () => (faded ? go('order', { outTradeNo: order }) : go('coupon', { coupon }));
  const props = { type: 'button', 'data-key': coupon.code, onclick: act };
  return h('li', {}, ticket(coupon, { tag: 'button', props, note: text, end, faded }));
}

/** My coupons: usable, used, expired. */
export function showCoupons(place) {
  const { visit, shop, body, signal, go, replace } = place;
  const [kind, , emptyWord] = kinds.find(([name]) => name === visit.couponsOf);
  const buttons = kinds.map(([name, label]) =>
    h(
      'button',
      {
        type: 'button',
        'data-key': name,
        'aria-pressed': name === kind,
        onclick: () => {
          visit.couponsOf = name;
          replace('coupons');
          body.parentElement.querySelector(`.coupon-kinds [data-key="${name}"]`)?.focus();
        },
      },
      t(label),
    ),
  );
  const list = h('div', { tabindex: -1 });
  body.replaceChildren(
    h('div', { class: 'switch coupon-kinds', role: 'group', 'aria-label': t('tabCoupons') }, buttons),
    list,
  );
  void fill(
    { body: list, signal },
    () => shop.coupons(kind),
    (first) => {
      let { items, next } = first;
      let failed;
      const more = async () => {
        const page = await shop.coupons(kind, next).catch((error) => error);
        if (signal.aborted) return;
        failed = page instanceof Error ? page : undefined;
        if (failed === undefined) [items, next] = [[...items, ...page.items], page.next];
        draw();
      };
      const draw = () =>
        redraw(
          list,
          items.length === 0 ? h('p', { class: 'empty' }, t(emptyWord)) : null,
          h(
            'ul',
            { class: 'tickets' },
            items.map((coupon) => couponRow(coupon, go)),
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

/** What the code says that a cashier scans. */
export const payloadOf = (code) => `lingquan:coupon:${code}`;

const grouped = (code) => code.match(/.{1,4}/g)?.join(' ') ?? code;

/** One coupon with its code, as it is held up to a till. */
export function showCoupon(place, { coupon }) {
  const { body, bar } = place;
  const { code, campaignName } = coupon;
  const picture = h('img', {
    class: 'qr',
    src: `/_sim/qr?text=${encodeURIComponent(coupon.qr || payloadOf(code))}`,
    alt: t('qrAlt', { code }),
    width: 190,
    height: 190,
  });
  picture.addEventListener('error', () => picture.remove()); // the code beside it says the same
  redraw(
    body,
    h(
      'section',
      { class: 'sheet-card coupon-face' },
      h('h3', {}, campaignName || t('coupon')),
      h('p', { class: 'coupon-worth' }, worth(coupon)),
      h('p', { class: 'muted' }, condition(coupon)),
      picture,
      h('code', { class: 'code-large', data: { code } }, grouped(code)),
      h('p', { class: 'muted' }, t('codeHint')),
      h('p', { class: 'coupon-bounds' }, [...bounds(coupon), lasting(coupon)].join(' · ')),
    ),
  );
  redraw(
    bar,
    h(
      'button',
      {
        type: 'button',
        class: 'plain',
        'data-key': 'copy',
        onclick: async () => {
          if (await copyText(code)) toast(t('copied'));
        },
      },
      t('copy'),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'primary',
        'data-key': 'till',
        onclick: () => document.dispatchEvent(new CustomEvent('till:scan', { detail: coupon.qr || payloadOf(code) })),
      },
      t('toTill'),
    ),
  );
}
