import { byId, h } from './dom.js';
import { attempt, platform } from './platform.js';
import { on, state } from './store.js';
import { platformNow } from './times.js';
import { locale, onLanguage, t } from './words.js';

const pushFaults = [
  ['slowPush', { on: 'push', kind: 'slow', ms: 6000 }],
  ['lostPush', { on: 'push', kind: 'lost', when: 'before' }],
  ['lostAnswer', { on: 'push', kind: 'lost', when: 'after' }],
];
const apiFaults = [
  ['slowApi', { on: 'api', kind: 'slow', ms: 6000 }],
  ['lostApi', { on: 'api', kind: 'lost', when: 'after' }],
  ['token', { on: 'api', kind: 'errcode', errcode: 40001 }],
  ['quota', { on: 'api', kind: 'errcode', errcode: 45009 }],
  ['busy', { on: 'api', kind: 'errcode', errcode: -1 }],
  ['http500', { on: 'api', kind: 'http', status: 500 }],
];
const noticeFaults = [
  ['droppedNotice', { on: 'notice', kind: 'dropped' }],
  ['doubledNotice', { on: 'notice', kind: 'doubled' }],
  ['delayedNotice', { on: 'notice', kind: 'delayed', ms: 20_000 }],
  ['lostAck', { on: 'notice', kind: 'lost', when: 'after' }],
  ['tamperedNotice', { on: 'notice', kind: 'tampered' }],
  ['staleNotice', { on: 'notice', kind: 'stale' }],
];
const payFaults = [
  ['slowPay', { on: 'pay', kind: 'slow', ms: 6000 }],
  ['lostPay', { on: 'pay', kind: 'lost', when: 'after' }],
  ['systemError', { on: 'pay', kind: 'error', code: 'SYSTEM_ERROR' }],
  ['frequency', { on: 'pay', kind: 'error', code: 'FREQUENCY_LIMITED' }],
  ['badSignature', { on: 'pay', kind: 'bad-signature' }],
  ['payDown', { on: 'pay', kind: 'http', status: 502 }],
];
const minute = 60_000;
const shifts = [
  ['plus5min', 5 * minute],
  ['plus2h', 120 * minute],
  ['plus48h', 48 * 60 * minute],
];

/** How often the next fault happens; undefined until it is taken away. */
let times = 1;

const isSame = (fault, wanted) =>
  Object.entries(wanted).every(([name, value]) => fault[name] === value) &&
  ['path', 'appid', 'of', 'chance'].every((narrower) => fault[narrower] === undefined);

function faultButton([label, wanted]) {
  const active = state.faults.find((fault) => isSame(fault, wanted));
  const toggle = () =>
    attempt(() =>
      active === undefined
        ? platform.addFault({ ...wanted, ...(times === undefined ? {} : { times }) })
        : platform.removeFault(active.id),
    );
  const left =
    active === undefined ? null : h('small', {}, active.left === undefined ? t('on') : t('left', { n: active.left }));
  return h(
    'button',
    { type: 'button', class: 'chip', 'aria-pressed': active !== undefined, onclick: toggle },
    t(label),
    left,
  );
}

function renderTimes() {
  const options = [
    ['once', 1],
    ['thrice', 3],
    ['always', undefined],
  ].map(([label, value]) =>
    h(
      'button',
      {
        type: 'button',
        'aria-pressed': times === value,
        onclick: () => {
          times = value;
          renderTimes();
        },
      },
      t(label),
    ),
  );
  byId('fault-times').replaceChildren(...options);
}

function clockRow() {
  const shown = platformNow().toLocaleString(locale(), {
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const shift = (by) => () => attempt(() => platform.shiftClock(by));
  const buttons = shifts.map(([label, by]) =>
    h('button', { type: 'button', class: 'chip', onclick: shift(state.clockShiftMs + by) }, t(label)),
  );
  const reset = h(
    'button',
    { type: 'button', class: 'chip', disabled: state.clockShiftMs === 0, onclick: shift(0) },
    t('clockReset'),
  );
  return h(
    'div',
    { class: 'chips' },
    h('span', { class: state.clockShiftMs === 0 ? 'clock' : 'clock shifted' }, shown),
    ...buttons,
    reset,
  );
}

function render() {
  const box = byId('faults');
  const index = [...box.querySelectorAll('button')].indexOf(document.activeElement);
  box.replaceChildren(
    h('h3', {}, t('faultsPush')),
    h('div', { class: 'chips' }, pushFaults.map(faultButton)),
    h('h3', {}, t('faultsApi')),
    h('div', { class: 'chips' }, apiFaults.map(faultButton)),
    ...(state.payOn
      ? [
          h('h3', {}, t('faultsNotice')),
          h('div', { class: 'chips' }, noticeFaults.map(faultButton)),
          h('h3', {}, t('faultsPay')),
          h('div', { class: 'chips' }, payFaults.map(faultButton)),
        ]
      : []),
    h('h3', {}, t('clock')),
    clockRow(),
  );
  if (index >= 0) box.querySelectorAll('button')[index]?.focus();
  byId('faults-clear').disabled = state.faults.length === 0;
}

/** The panel to make things go wrong, and to set the platform's clock. */
export function showFaults() {
  byId('faults-clear').addEventListener('click', () => void attempt(platform.clearFaults));
  on(['faults', 'clockShiftMs', 'payOn'], render);
  onLanguage(() => {
    renderTimes();
    render();
  });
}
