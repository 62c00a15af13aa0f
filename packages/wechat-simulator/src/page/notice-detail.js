import { h, toast } from './dom.js';
import { attempt, platform } from './platform.js';
import { exactTime, milliseconds } from './times.js';
import { bar, code, facts, section } from './wire-parts.js';
import { t } from './words.js';

const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

function buttonsOf(notice) {
  const button = (label, act) =>
    h('button', { type: 'button', class: 'plain small', onclick: () => void attempt(act) }, t(label));
  return h(
    'p',
    { class: 'chips' },
    button('sendAgain', async () => {
      await platform.sendNotice(notice.id);
      toast(t('sentAgain'));
    }),
    notice.state === 'waiting'
      ? button('hurry', async () => {
          const { hurried } = await platform.hurryNotices();
          toast(t('hurried', { n: hurried }));
        })
      : null,
  );
}

function openedTab(notice) {
  const { state, nextAt, outTradeNo, outRefundNo, eventType, api } = notice;
  const next = nextAt === null ? '' : ` · ${t('nextTry', { at: exactTime(nextAt) })}`;
  return [
    facts([
      [t('payState'), `${t(`notice_${state}`)}${next}`],
      [t('payInterface'), `${api} · ${eventType}`],
      [t('orderNo'), outTradeNo],
      ...(outRefundNo === null ? [] : [['out_refund_no', outRefundNo]]),
    ]),
    buttonsOf(notice),
    h('p', { class: 'muted' }, t('openedNote')),
    code(api === 'v2' ? 'XML' : 'JSON', asText(notice.plain)),
  ];
}

function sentTab({ url, attempts }) {
  const last = attempts.at(-1);
  if (last === undefined) return [h('p', { class: 'muted' }, t('notSentYet'))];
  const headers = Object.entries(last.headers ?? {});
  return [
    section(t('address'), h('code', { class: 'call-address' }, `POST ${url}`)),
    section(t('headers'), facts(headers.map(([name, value]) => [name, String(value)]))),
    code(t('body'), asText(last.body)),
    code(t('tabAnswer'), asText(last.answer)),
  ];
}

function triesTab({ attempts, state, nextAt }) {
  const rows = attempts.map(({ at, status, ms, error, fault }, index) => {
    const good = error === undefined && status >= 200 && status < 300;
    const outcome = [error ?? `HTTP ${status}`, fault].filter((part) => part !== undefined && part !== null);
    return h(
      'li',
      { title: at },
      h('span', {}, t('attempt', { n: index + 1 })),
      bar(ms, good),
      h('span', { class: 'mono' }, milliseconds(ms)),
      h('span', { class: good ? 'good-text' : 'bad-text' }, outcome.join(' · ')),
    );
  });
  const next = nextAt === null ? '' : ` · ${t('nextTry', { at: exactTime(nextAt) })}`;
  return [h('p', { class: 'muted' }, `${t(`notice_${state}`)}${next}`), h('ol', { class: 'attempts' }, rows)];
}

const views = [
  ['tabOpened', openedTab],
  ['tabNoticeSent', sentTab],
  ['tabTries', triesTab],
];

/** One notice: opened, as sent, and each attempt. The buttons of the tabs and what each of them shows. */
export const showNotice = (notice) => ({
  buttons: views.map(([label]) => h('button', { type: 'button', role: 'tab' }, t(label))),
  panels: views.map(
    ([, view]) =>
      () =>
        view(notice),
  ),
});
