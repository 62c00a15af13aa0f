import { byId, h, tabs } from './dom.js';
import { account, on, selectedPush, state, update } from './store.js';
import { exactTime, milliseconds } from './times.js';
import { bar, code, facts, row, section } from './wire-parts.js';
import { actionName, onLanguage, t } from './words.js';

/** An address with its query, one parameter a line. */
function addressBlock(address) {
  const url = new URL(address);
  const rows = [...url.searchParams].map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)));
  return h('div', { class: 'address' }, h('code', {}, `POST ${url.origin}${url.pathname}`), h('dl', {}, rows));
}

const modeWord = { plaintext: 'modePlaintext', compatible: 'modeCompatible', safe: 'modeSafe' };

function clearTab({ request }) {
  return [
    h('p', { class: 'muted' }, t('clearNote', { mode: t(modeWord[account()?.mode] ?? 'modePlaintext') })),
    code(request.xml.startsWith('<') ? 'XML' : 'JSON', request.xml),
  ];
}

const sentTab = ({ request }) => [section(t('address'), addressBlock(request.url)), code(t('body'), request.body)];

function answerTab({ response, shown, problem, attempts }) {
  const outcome = section(
    t('shown'),
    h('p', { class: shown === null ? 'muted' : 'shown-text' }, shown ?? t('shownNothing')),
  );
  const trouble = problem === null ? null : section(t('problem'), h('p', { class: 'bad-text' }, problem));
  if (response === null) return [section(t('status'), h('p', { class: 'bad-text' }, t('noAnswer'))), trouble, outcome];
  const head = h(
    'p',
    { class: 'mono' },
    `HTTP ${attempts.findLast(({ status }) => status !== 0)?.status ?? ''} ${response.contentType}`,
  );
  const clear = response.xml === response.body ? null : code(t('answerClear'), response.xml);
  return [section(t('status'), head), trouble, outcome, clear, code(t('body'), response.body)];
}

function attemptsTab({ attempts }) {
  const rows = attempts.map(({ status, ms, error }, index) => {
    const outcome = h('span', { class: error === undefined ? 'good-text' : 'bad-text' }, error ?? `HTTP ${status}`);
    return h(
      'li',
      {},
      h('span', {}, t('attempt', { n: index + 1 })),
      bar(ms, error === undefined),
      h('span', { class: 'mono' }, milliseconds(ms)),
      outcome,
    );
  });
  return [h('p', { class: 'muted' }, t('attemptsNote')), h('ol', { class: 'attempts' }, rows)];
}

const pushTabs = [
  ['tabClear', clearTab],
  ['tabSent', sentTab],
  ['tabAnswer', answerTab],
  ['tabAttempts', attemptsTab],
];
let openTab = 0;

function renderPush() {
  const detail = byId('push-detail');
  const push = selectedPush();
  if (push === undefined)
    return detail.replaceChildren(
      h('p', { class: 'empty' }, t(state.pushes.length === 0 ? 'emptyPushes' : 'pickPush')),
    );
  const body = h('div', { class: 'detail-body', role: 'tabpanel', tabindex: 0 });
  const buttons = pushTabs.map(([label]) => h('button', { type: 'button', role: 'tab' }, t(label)));
  const choose = tabs(buttons, (index) => {
    openTab = index;
    body.setAttribute('aria-label', t(pushTabs[index][0]));
    body.replaceChildren(...pushTabs[index][1](push).filter((part) => part !== null));
  });
  detail.replaceChildren(h('div', { class: 'tabs', role: 'tablist', 'aria-label': t('wire') }, buttons), body);
  choose(openTab, false);
}

/** What a push was about, from its clear text. */
function aboutPush({ request, type }) {
  const names = type === 'text' ? 'Content' : 'EventKey|Recognition|Label|Title';
  const match = new RegExp(
    `<(?:${names})><!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|"(?:${names})":"((?:\\\\.|[^"\\\\])*)"`,
  ).exec(request.xml);
  return match?.[1] ?? match?.[2] ?? '';
}

function renderPushes() {
  const rows = state.pushes.map((push) =>
    row({
      selected: push.id === state.pushId,
      good: push.problem === null,
      title: actionName(push.type),
      text: aboutPush(push),
      time: exactTime(push.at),
      choose: () => update({ pushId: push.id }),
    }),
  );
  byId('push-list').replaceChildren(...rows);
}

function renderCalls() {
  const rows = state.calls.map((call) =>
    row({
      selected: call.rid === state.rid,
      good: call.errcode === 0 && call.code === undefined && call.status >= 200 && call.status < 300,
      title: call.path.replace('/cgi-bin/', ''),
      text: call.status === 0 ? t('noAnswer') : (call.code ?? String(call.errcode === 0 ? call.status : call.errcode)),
      time: exactTime(call.at),
      choose: () => update({ rid: call.rid }),
    }),
  );
  byId('call-list').replaceChildren(...rows);
}

function renderCall() {
  const detail = byId('call-detail');
  const call = state.calls.find(({ rid }) => rid === state.rid);
  if (call === undefined)
    return detail.replaceChildren(h('p', { class: 'empty' }, t(state.calls.length === 0 ? 'emptyCalls' : 'pickCall')));
  const about = [
    [
      t('status'),
      call.status === 0
        ? t('noAnswer')
        : `HTTP ${call.status}${call.errcode === 0 ? '' : ` · errcode ${call.errcode}`}${call.code === undefined ? '' : ` · ${call.code}`} · ${milliseconds(call.ms)}`,
    ],
    [t('caller'), `${call.clientIp}${call.appid === undefined ? '' : ` · ${call.appid}`}`],
    ...(call.fault === undefined ? [] : [[t('fault'), call.fault]]),
    ['rid', call.rid],
  ];
  const address = h(
    'code',
    { class: 'call-address' },
    `${call.method} ${call.path}${call.query === '' ? '' : `?${call.query}`}`,
  );
  detail.replaceChildren(
    h(
      'div',
      { class: 'detail-body', tabindex: 0 },
      section(t('request'), address, facts(about)),
      ...(call.body === '' ? [] : [code(t('body'), call.body)]),
      code(t('response'), call.response),
    ),
  );
}

let choose;

/** Brings one of the panels to the front: 'pushes', 'calls', 'notices' or 'pay-orders'. */
export function openWire(name) {
  document.body.dataset.view = 'desk';
  choose(panelNames.indexOf(name), false);
}

const panelNames = ['pushes', 'calls', 'notices', 'pay-orders'];

/** The panel of what went over the wire: pushes of the follower chosen, calls of all services; payment's are beside them. */
export function showWire() {
  const panels = panelNames.map(byId);
  choose = tabs(
    panelNames.map((name) => byId(`tab-${name}`)),
    (index) => {
      for (const [other, panel] of panels.entries()) panel.hidden = other !== index;
    },
  );
  choose(0, false);
  on(['pushes', 'pushId'], renderPushes);
  on(['pushes', 'pushId', 'appid'], renderPush);
  on(['calls', 'rid'], renderCalls);
  on(['calls', 'rid'], renderCall);
  onLanguage(() => [renderPushes, renderPush, renderCalls, renderCall].forEach((render) => render()));
}
