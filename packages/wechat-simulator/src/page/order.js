import { h, redraw } from './dom.js';
import { refreshEvents } from './events.js';
import { price } from './money.js';
import { isMoving, leftFen, standing, stepsOf } from './order-state.js';
import { askPayment } from './pay-sheet.js';
import { askRefund } from './refund-sheet.js';
import { fill, goodTile, priceTag, rows, trouble } from './shop-parts.js';
import { update } from './store.js';
import { clockTime, dayTime } from './times.js';
import { openWire } from './wire.js';
import { known, t } from './words.js';

/** Every second at first, then every two, for three minutes in all: refunds of one order go a minute apart. */
const briskMs = 1000;
const calmMs = 2000;
const calmAfterMs = 20_000;
const giveUpMs = 180_000;

const cause = (name) => (name && known(`cause_${name}`) ? t(`cause_${name}`) : '');

function headOf(order, paidHere) {
  const where = standing(order, paidHere);
  const word = known(`state_${where}`) ? t(`state_${where}`) : where;
  const about =
    where === 'unpaid'
      ? t('payUntil', { at: clockTime(order.payUntil) })
      : where === 'closed'
        ? cause(order.closedCause)
        : '';
  return h(
    'div',
    { class: 'order-head', role: 'status', data: { where } },
    h('strong', {}, word),
    about === '' ? null : h('span', {}, about),
    order.payableFen == null ? null : priceTag(order.payableFen),
  );
}

function stepText({ step, offFen, fen, cause: why, refund }) {
  if (refund !== undefined)
    return `${t('step_refund', { yuan: price(refund.refundFen) })} · ${t(`refund_${refund.state}`)}`;
  const extra = offFen > 0 ? price(-offFen) : fen > 0 ? price(fen) : cause(why);
  return [known(`step_${step}`) ? t(`step_${step}`) : step, extra].filter((text) => text !== '').join(' · ');
}

const stepRow = (step) =>
  h(
    'li',
    { data: { done: String(step.done) } },
    step.done === false ? h('span', { class: 'spinner', 'aria-hidden': true }) : h('span', { class: 'step-dot' }),
    h('span', {}, stepText(step)),
    step.at ? h('time', { datetime: step.at }, dayTime(step.at)) : null,
    step.refund?.reason ? h('small', {}, step.refund.reason) : null,
    step.waits ? h('small', {}, t('refundApart')) : null,
  );

/** `discountFen` is null until the coupon is held. */
const lineRow = ({ name, category, quantity, unitPriceFen, discountFen }) =>
  h(
    'li',
    { class: 'bought' },
    goodTile({ name, category }),
    h('span', { class: 'good-name' }, h('strong', {}, name), h('small', {}, `${price(unitPriceFen)} × ${quantity}`)),
    h(
      'span',
      { class: 'bought-sum' },
      h('span', {}, price(unitPriceFen * quantity)),
      discountFen > 0 ? h('small', { class: 'off' }, price(-discountFen)) : null,
    ),
  );

function sumsOf(order) {
  const { totalFen, discountFen = 0, payableFen, paidFen = 0, refundedFen = 0 } = order;
  const isPaid = order.state === 'paid';
  return rows([
    [t('sum'), price(totalFen)],
    discountFen > 0 ? [t('discount'), price(-discountFen), 'off'] : null,
    [t(isPaid ? 'paidSum' : 'payable'), priceTag(isPaid ? paidFen : (payableFen ?? totalFen)), 'total'],
    refundedFen > 0 ? [t('refundedSum'), price(refundedFen)] : null,
  ]);
}

/** To what WeChat Pay knows of it, beside the phone. */
function behindLink({ outTradeNo }) {
  const show = () => {
    update({ payOrderNo: outTradeNo });
    openWire('pay-orders');
  };
  return h(
    'button',
    { type: 'button', class: 'inline-link', 'data-key': 'behind', onclick: show },
    `${t('seePayment')} ›`,
  );
}

const factsOf = (order) =>
  rows([
    [t('orderNo'), h('code', {}, order.outTradeNo)],
    order.couponCode ? [t('couponCode'), h('code', {}, order.couponCode)] : null,
    order.shop ? [t('place'), order.shop] : null,
    order.transactionId ? [t('transactionNo'), h('code', {}, order.transactionId)] : null,
  ]);

/** One order: what it is, where it stands and what can be done. It follows the order while that moves. */
export function showOrder(place, params) {
  const { visit, shop, body, bar, layer, signal } = place;
  const { outTradeNo } = params;
  const here = visit.way.at(-1);
  const now = { order: params.order, trouble: undefined, busy: false, stalled: false };
  /** What was asked for and shows in the order a moment later. */
  const due = { close: false, refunds: 0 };
  let timer;
  let followedSince;
  let drawn;
  signal.addEventListener('abort', () => clearTimeout(timer));

  const paidHere = () => visit.paid.has(outTradeNo);

  function put(order) {
    const before = JSON.stringify(now.order);
    now.order = { ...order, lines: order.lines ?? [] };
    here.order = now.order;
    if (before !== JSON.stringify(now.order)) void refreshEvents();
    if (order.state !== 'unpaid') visit.paid.delete(outTradeNo);
    if (order.state === 'closed' || order.state === 'paid') due.close = false;
  }

  const isDue = () => due.close || (now.order.refunds ?? []).length < due.refunds;

  /** An unpaid order is looked at again when its time is over. */
  const untilClosing = () => Math.min(Math.max(Date.parse(now.order.payUntil) - Date.now() + calmMs, 5000), 3_600_000);

  /** Looks again in a moment, as long as something is to be expected. */
  function follow() {
    clearTimeout(timer);
    if (signal.aborted || !(isDue() || isMoving(now.order, paidHere()))) {
      followedSince = undefined;
      now.stalled = false;
      if (now.order.state === 'unpaid' && !signal.aborted) timer = setTimeout(() => void look(), untilClosing());
      return draw();
    }
    followedSince ??= Date.now();
    const since = Date.now() - followedSince;
    now.stalled = since > giveUpMs;
    if (!now.stalled) timer = setTimeout(() => void look(), since > calmAfterMs ? calmMs : briskMs);
    return draw();
  }

  async function look() {
    const { state } = now.order;
    try {
      put(await shop.order(outTradeNo));
      now.trouble = undefined;
    } catch (error) {
      // Just sent, it may not be known by its number yet.
      now.trouble = state === 'pending' && error.status === 404 ? undefined : error;
    }
    if (signal.aborted) return;
    follow();
    if (['pending', 'locking'].includes(state) && now.order.state === 'unpaid' && here.fresh) void pay();
  }

  const lookAnew = () => {
    followedSince = undefined;
    clearTimeout(timer);
    return look();
  };

  /** Runs what a button started; its trouble stands above the order. */
  async function act(work) {
    Object.assign(now, { busy: true, trouble: undefined });
    draw();
    try {
      await work();
    } catch (error) {
      now.trouble = error;
    }
    now.busy = false;
    if (!signal.aborted) await (now.trouble === undefined ? lookAnew() : draw());
  }

  async function pay(given) {
    here.fresh = false;
    let payment = given;
    await act(async () => {
      payment ??= await shop.payment(outTradeNo);
    });
    if (signal.aborted || !payment) return;
    const paid = await askPayment(layer, visit.person.openid, payment);
    if (paid) visit.paid.add(outTradeNo);
    if (!signal.aborted) await lookAnew();
  }

  const cancel = () =>
    act(async () => {
      await shop.cancel(outTradeNo);
      due.close = true;
    });
  const refund = () => {
    const refunds = (now.order.refunds ?? []).length;
    askRefund(layer, shop, { ...now.order, leftFen: leftFen(now.order) }, () => {
      due.refunds = refunds + 1;
      void lookAnew();
    });
  };

  function canBeRefunded() {
    const isFree = now.order.payableFen === 0 && (now.order.refunds ?? []).length === 0;
    return now.order.state === 'paid' && (leftFen(now.order) > 0 || isFree);
  }

  function actions() {
    const { state } = now.order;
    const button = (key, label, work, kind = 'plain') =>
      h(
        'button',
        { type: 'button', class: kind, 'data-key': key, disabled: now.busy, onclick: () => void work() },
        t(label),
      );
    if (due.close && !now.stalled) return [];
    if (state === 'unpaid' && !paidHere())
      return [button('cancel', 'cancelOrder', cancel), button('pay', 'payNow', () => pay(), 'primary')];
    if (now.stalled) return [button('refresh', 'refresh', lookAnew)];
    if (canBeRefunded() && now.order.refundsBy !== 'shop') return [button('refund', 'askRefund', refund)];
    return [];
  }

  function draw() {
    const { order } = now;
    const face = JSON.stringify([order, paidHere(), now.busy, now.stalled, now.trouble?.message]);
    if (face === drawn) return; // what has not changed is not said again
    drawn = face;
    redraw(
      body,
      now.trouble === undefined ? null : trouble(now.trouble, { retry: () => void lookAnew() }),
      headOf(order, paidHere()),
      now.stalled ? h('p', { class: 'muted aside' }, t('slowState')) : null,
      h(
        'section',
        { class: 'sheet-card' },
        h('h3', {}, t('steps')),
        h('ol', { class: 'steps' }, stepsOf(order, paidHere()).map(stepRow)),
      ),
      order.lines.length === 0 ? null : h('ul', { class: 'sheet-card' }, order.lines.map(lineRow)),
      order.totalFen === undefined ? null : h('div', { class: 'sheet-card' }, sumsOf(order)),
      h('div', { class: 'sheet-card small' }, factsOf(order), behindLink(order)),
      order.refundsBy === 'shop' && canBeRefunded() ? h('p', { class: 'muted aside' }, t('refundsAtShop')) : null,
    );
    const buttons = actions();
    bar.hidden = buttons.length === 0;
    redraw(bar, buttons);
  }

  async function start() {
    if (now.order === undefined) return fill(place, () => shop.order(outTradeNo), begin);
    return begin(now.order);
  }

  function begin(order) {
    put(order);
    follow();
    if (here.fresh && order.state === 'unpaid') void pay(params.payment);
  }

  void start();
  return {
    hear: (event) => {
      const number = (event.order ?? event.refund ?? event.notice)?.outTradeNo;
      if (number === outTradeNo && now.order !== undefined && event.kind !== 'attempt') void lookAnew();
    },
  };
}
