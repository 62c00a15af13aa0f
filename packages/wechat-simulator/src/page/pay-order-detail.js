import { h } from './dom.js';
import { price } from './money.js';
import { attempt, platform } from './platform.js';
import { state, update } from './store.js';
import { exactTime } from './times.js';
import { facts, section } from './wire-parts.js';
import { t } from './words.js';
import { openWire } from './wire.js';

const outcomes = [
  ['success', 'settleSuccess'],
  ['abnormal', 'settleAbnormal'],
  ['closed', 'settleClosed'],
];

/** What may still be decided about a refund: a person at the bank, so to say. */
function settleButtons({ outRefundNo, state: stands }) {
  if (stands === 'SUCCESS' || stands === 'CLOSED') return null;
  return h(
    'span',
    { class: 'chips' },
    outcomes
      .filter(([outcome]) => stands === 'PROCESSING' || outcome === 'success')
      .map(([outcome, label]) =>
        h(
          'button',
          {
            type: 'button',
            class: 'chip',
            onclick: () => void attempt(() => platform.settleRefund(outRefundNo, outcome)),
          },
          t(label),
        ),
      ),
  );
}

const refundRow = (refund) =>
  h(
    'li',
    { class: 'pay-line' },
    h('b', {}, price(refund.refundFen)),
    h('span', { class: refund.state === 'SUCCESS' ? 'good-text' : '' }, t(`refund_${refund.state}`)),
    h('code', {}, refund.outRefundNo),
    settleButtons(refund),
  );

const attemptRow = ({ at, reason }) =>
  h('li', { class: 'pay-line' }, h('code', {}, exactTime(at)), h('span', {}, reason));

function noticeRow(notice) {
  const show = () => {
    update({ noticeId: notice.id });
    openWire('notices');
  };
  const name = t(notice.of === 'refund' ? 'noticeRefund' : 'noticePay');
  const text = `${name} · ${t(`notice_${notice.state}`)} ›`;
  return h('li', { class: 'pay-line' }, h('button', { type: 'button', class: 'inline-link', onclick: show }, text));
}

const listOf = (label, items) => (items.length === 0 ? null : section(t(label), h('ul', {}, items)));

/** One order as WeChat Pay knows it, with its refunds and notices. */
export function showPayOrder(order) {
  const { outTradeNo, transactionId, totalFen, payerTotalFen, refundedFen, api, tradeType, openid } = order;
  const paid = payerTotalFen === null ? '' : ` · ${t('paidSum')} ${price(payerTotalFen)}`;
  const back = refundedFen > 0 ? ` · ${t('refundedSum')} ${price(refundedFen)}` : '';
  const about = [
    [t('payState'), `${t(`pay_${order.state}`)} · ${order.state}`],
    [t('payAmount'), `${price(totalFen)}${paid}${back}`],
    [t('orderNo'), outTradeNo],
    ...(transactionId === null ? [] : [[t('transactionNo'), transactionId]]),
    [t('goods'), order.description],
    [t('payInterface'), `${api} · ${tradeType}`],
    ...(openid === null ? [] : [[t('payer'), openid]]),
    ['notify_url', order.notifyUrl],
  ];
  const ofThis = (item) => item.outTradeNo === outTradeNo;
  return h(
    'div',
    { class: 'detail-body', tabindex: 0 },
    facts(about),
    listOf('refunds', state.payRefunds.filter(ofThis).map(refundRow)),
    listOf('itsNotices', state.notices.filter(ofThis).map(noticeRow)),
    listOf('payAttempts', order.attempts.map(attemptRow)),
  );
}
