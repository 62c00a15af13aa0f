import { showComposer } from './composer.js';
import { byId, tabs } from './dom.js';
import { refreshEvents, showEvents } from './events.js';
import { showFaults } from './faults.js';
import { showPeople } from './people.js';
import { scrollToEnd, showPhone } from './phone.js';
import { hearPayment, loadPayments, showPayments } from './payments.js';
import { attempt, listen, platform } from './platform.js';
import { hearPay, showShop } from './shop.js';
import { on, state, update } from './store.js';
import { showTill } from './till.js';
import { onLanguage, t, toggleLanguage } from './words.js';
import { showWire } from './wire.js';

const callsKept = 200;
const pushesKept = 100;

/** Looks at one follower of one account; without an openid at its first. */
async function choose(appid, openid) {
  await attempt(async () => {
    const { items: followers } = await platform.followers(appid);
    const chosen = openid ?? followers[0]?.openid;
    if (chosen === undefined) return;
    const [messages, pushes, menu] = await Promise.all([
      platform.messages(appid, chosen),
      platform.pushes(appid, chosen),
      platform.menu(appid, chosen),
    ]);
    const unread = new Set([...state.unread].filter((other) => other !== chosen));
    update({
      appid,
      openid: chosen,
      followers,
      messages: messages.items,
      pushes: pushes.items,
      menu: menu.button,
      pushId: pushes.items[0]?.id,
      unread,
      typing: false,
      events: undefined,
    });
    scrollToEnd();
    void refreshEvents();
    await platform.browse(appid, chosen);
  });
}

async function reloadFollowers() {
  const { appid } = state;
  const { items: followers } = await platform.followers(appid);
  if (appid === state.appid) update({ followers });
}

async function reloadMenu() {
  const { appid, openid } = state;
  const { button } = await platform.menu(appid, openid);
  if (openid === state.openid) update({ menu: button });
}

const isChosen = ({ appid, openid }) => appid === state.appid && openid === state.openid;

/** Pushes the platform makes by itself: what the follower did stays in view. */
const reports = new Set(['subscribe_msg_sent', 'template_result']);

const hearing = {
  message(message) {
    if (isChosen(message)) {
      update({ messages: [...state.messages, message], typing: false });
      if (message.from === 'follower') scrollToEnd();
      if (message.via === 'customer-service') void refreshEvents();
    } else if (message.appid === state.appid && message.from !== 'follower') {
      update({ unread: new Set([...state.unread, message.openid]) });
    }
  },
  push(push) {
    if (!isChosen(push)) return;
    const byFollower = !reports.has(push.type);
    update({ pushes: [push, ...state.pushes].slice(0, pushesKept), pushId: byFollower ? push.id : state.pushId });
    void refreshEvents();
  },
  call(call) {
    update({ calls: [call, ...state.calls].slice(0, callsKept) });
  },
  account({ appid }) {
    if (appid === state.appid) void attempt(reloadMenu);
  },
  followers({ appid }) {
    if (appid === state.appid) reloadFollowersSoon();
  },
  faults: (faults) => update({ faults }),
  clock: ({ shiftMs }) => update({ clockShiftMs: shiftMs }),
  pay(event) {
    hearPayment(event);
    hearPay(event);
  },
  typing(told) {
    if (isChosen(told)) update({ typing: told.typing });
  },
};

let followersTimer;

/** Under load followers change all the time; once in a while is enough to show them. */
function reloadFollowersSoon() {
  followersTimer ??= setTimeout(() => {
    followersTimer = undefined;
    void attempt(reloadFollowers);
  }, 250);
}

function showFrame() {
  const renderLive = () => {
    byId('live').textContent = t(state.live ? 'live' : 'offline');
    byId('live').dataset.live = String(state.live);
    byId('language').textContent = t('language');
    byId('language').setAttribute('aria-label', t('languageLabel'));
  };
  byId('language').addEventListener('click', toggleLanguage);
  on(['live'], renderLive);
  onLanguage(renderLive);
  const viewButtons = [...document.querySelectorAll('[data-view-button]')];
  const renderView = () => {
    for (const button of viewButtons)
      button.setAttribute('aria-pressed', String(button.dataset.viewButton === document.body.dataset.view));
  };
  for (const button of viewButtons)
    button.addEventListener('click', () => (document.body.dataset.view = button.dataset.viewButton));
  new MutationObserver(renderView).observe(document.body, { attributes: true, attributeFilter: ['data-view'] });
  renderView();
}

/** The card of the till and of what can be made to go wrong. */
function showTools() {
  const panels = [byId('till'), byId('trouble')];
  const bring = tabs([byId('tab-till'), byId('tab-trouble')], (index) => {
    for (const [other, panel] of panels.entries()) panel.hidden = other !== index;
  });
  bring(1, false);
  showTill(() => {
    document.body.dataset.view = 'desk';
    bring(0, false);
  });
  showFaults();
}

async function start() {
  showFrame();
  showPeople(choose);
  showPhone();
  showComposer();
  showWire();
  showEvents();
  showTools();
  showPayments();
  showShop();
  void loadPayments();
  await attempt(async () => {
    const [accounts, calls, faults, clock] = await Promise.all([
      platform.accounts(),
      platform.calls(),
      platform.faults(),
      platform.clock(),
    ]);
    update({
      accounts: accounts.items,
      calls: calls.items.slice(-callsKept).toReversed(),
      faults: faults.items,
      clockShiftMs: clock.shiftMs,
    });
    await choose(accounts.items[0].appid, undefined);
  });
  let wasLive = false;
  listen(
    (type, data) => hearing[type](data),
    (live) => {
      // What happened while the stream was down is fetched anew.
      if (live && wasLive && !state.live) {
        void choose(state.appid, state.openid);
        void loadPayments();
      }
      wasLive ||= live;
      update({ live });
    },
  );
}

void start();
