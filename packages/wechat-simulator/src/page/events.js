import { byId, h } from './dom.js';
import { platform } from './platform.js';
import { on, selectedPush, state, update } from './store.js';
import { exactTime, dayTime } from './times.js';
import { eventName, onLanguage, t } from './words.js';

/** The log is written after the answer: it is asked again this much later. */
const again = [400, 1500, 4000];
let timers = [];

async function fetchEvents(openid) {
  const items = [];
  let cursor;
  for (let pages = 0; pages < 5; pages += 1) {
    const page = await platform.events(openid, cursor);
    items.push(...page.items);
    if (page.next === null || page.next === undefined) break;
    cursor = page.next;
  }
  return items.toReversed();
}

async function load() {
  const { openid } = state;
  if (openid === undefined) return;
  const events = await fetchEvents(openid).catch(() => 'unavailable');
  if (openid === state.openid) update({ events });
}

/** Asks the claim log now and a few times more, until what has just happened is in it. */
export function refreshEvents() {
  for (const timer of timers) clearTimeout(timer);
  timers = again.map((ms) =>
    setTimeout(() => {
      void load();
    }, ms),
  );
  return load();
}

/** What a push can cause; the rest comes from orders, tills and clocks. */
const byPush = new Set(['coupon.claimed', 'coupon.claim_refused']);

/**
 * Whether an event happened from this push on and before the follower's next one. Services may date events by CreateTime, which
 * has whole seconds: such a time counts from the beginning of the push's second.
 */
function causedBySelected() {
  const push = selectedPush();
  if (push === undefined) return () => false;
  const from = Date.parse(push.at);
  const following = state.pushes.findLast(({ at }) => Date.parse(at) > from);
  const until = following === undefined ? Number.POSITIVE_INFINITY : Date.parse(following.at);
  return ({ type, time }) => {
    if (!byPush.has(type)) return false;
    const at = Date.parse(time);
    const isWholeSecond = at % 1000 === 0;
    return isWholeSecond ? at === Math.floor(from / 1000) * 1000 : at >= from && at < until;
  };
}

const tones = {
  'coupon.claimed': 'good',
  'coupon.redeemed': 'good',
  'coupon.claim_refused': 'bad',
  'coupon.expired': 'quiet',
  'coupon.revoked': 'bad',
  'coupon.use_refused': 'bad',
  'payment.order_paid': 'good',
  'payment.refund_succeeded': 'good',
  'payment.refund_failed': 'bad',
  'payment.incident_found': 'bad',
};

function item(event, caused) {
  const { type, time, code, campaignId, outTradeNo, kafka, reason } = event;
  const where =
    kafka === undefined
      ? null
      : h(
          'span',
          { class: 'mono' },
          `${kafka.topic} · ${t('partition')} ${kafka.partition} · ${t('offset')} ${kafka.offset}`,
        );
  return h(
    'li',
    { class: caused ? 'event caused' : 'event', data: { tone: tones[type] ?? 'plain' } },
    h(
      'div',
      { class: 'event-head' },
      h('strong', {}, eventName(type)),
      caused ? h('span', { class: 'badge' }, t('thisMessage')) : null,
      h(
        'time',
        { datetime: time, title: time },
        `${dayTime(time).replace(/ ?\d{1,2}:\d{2}.*$/, '')} ${exactTime(time)}`.trim(),
      ),
    ),
    code ? h('code', { class: 'event-code' }, code) : null,
    reason ? h('p', {}, reason) : null,
    h(
      'p',
      { class: 'event-foot' },
      h('span', {}, type),
      outTradeNo ? h('span', { class: 'mono', title: outTradeNo }, outTradeNo) : null,
      campaignId ? h('span', { class: 'mono', title: campaignId }, campaignId) : null,
      where,
    ),
  );
}

function render() {
  const box = byId('events');
  const { events } = state;
  if (events === 'unavailable') return box.replaceChildren(h('p', { class: 'empty' }, t('noClaimLog')));
  if (events === undefined || events.length === 0)
    return box.replaceChildren(h('p', { class: 'empty' }, t('emptyEvents')));
  const caused = causedBySelected();
  box.replaceChildren(
    h(
      'ol',
      { class: 'timeline' },
      events.map((event) => item(event, caused(event))),
    ),
  );
}

/** The timeline of the follower's coupon events, from the claim log; those of the push looked at stand out. */
export function showEvents() {
  byId('events-refresh').addEventListener('click', () => void refreshEvents());
  on(['events', 'pushId', 'pushes'], render);
  onLanguage(render);
}
