import { bubbleOf, eventLine } from './bubbles.js';
import { byId, copyText, h, toast } from './dom.js';
import { avatar } from './people.js';
import { attempt, platform } from './platform.js';
import { account, follower, on, state, update } from './store.js';
import { dayTime, clockTime, milliseconds, platformNow } from './times.js';
import { onLanguage, t } from './words.js';

const quietMs = 5 * 60_000;

const viaNames = { 'customer-service': 'viaCustomerService', template: 'viaTemplate', subscribe: 'viaSubscribe' };

/** Under a follower's own message: how its push went; a tap shows it. */
function pushNote(pushId) {
  const push = state.pushes.find(({ id }) => id === pushId);
  if (push === undefined)
    return h('span', { class: 'note waiting' }, h('span', { class: 'spinner', 'aria-hidden': true }), t('waiting'));
  const tries = push.attempts.length;
  const took = push.attempts.reduce((sum, { ms }) => sum + ms, 0);
  const failed = push.problem !== null;
  return h(
    'button',
    {
      type: 'button',
      class: failed ? 'note bad' : 'note',
      'aria-pressed': state.pushId === pushId,
      onclick: () => {
        update({ pushId });
        document.body.dataset.view = 'desk';
      },
    },
    `${failed ? '✕' : '✓'} ${milliseconds(took)}${tries > 1 ? ` · ${tries}×` : ''} ›`,
  );
}

function line(message, previous, tapMenu) {
  const parts = [];
  if (previous === undefined || Date.parse(message.at) - Date.parse(previous.at) > quietMs) {
    parts.push(h('p', { class: 'when' }, h('time', { datetime: message.at }, dayTime(message.at))));
  }
  if (message.type === 'event' || message.from === 'platform') {
    const text = message.from === 'platform' ? message.text : eventLine(message);
    const note = message.from === 'follower' ? pushNote(message.pushId) : null;
    parts.push(h('p', { class: message.from === 'platform' ? 'grey failure' : 'grey' }, h('span', {}, text), note));
    return parts;
  }
  const mine = message.from === 'follower';
  const owner = mine ? follower() : account();
  const picture = mine
    ? avatar(owner?.name ?? '', message.openid)
    : h('img', { class: 'avatar', src: 'icon.svg', alt: '', width: 38, height: 38 });
  const via = viaNames[message.via];
  const foot = mine ? pushNote(message.pushId) : via === undefined ? null : h('span', { class: 'note' }, t(via));
  parts.push(
    h(
      'div',
      { class: mine ? 'line mine' : 'line', data: { push: String(message.pushId ?? '') } },
      picture,
      h(
        'div',
        { class: 'line-body' },
        h('span', { class: 'offscreen' }, `${owner?.name ?? ''}: `),
        ...bubbleOf(message, tapMenu),
        foot,
      ),
    ),
  );
  return parts;
}

/** A tap on an item of a menu message comes back as a text with the item's id. */
const tapMenu = (id, content) =>
  attempt(() =>
    platform.push({
      appid: state.appid,
      openid: state.openid,
      type: 'text',
      text: content,
      fields: { bizmsgmenuid: id },
    }),
  );

function renderChat() {
  const chat = byId('chat');
  const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  const { messages } = state;
  const lines = messages.flatMap((message, index) => line(message, messages[index - 1], tapMenu));
  if (lines.length === 0) lines.push(h('p', { class: 'empty' }, t('emptyChat')));
  chat.replaceChildren(...lines);
  if (atEnd) chat.scrollTop = chat.scrollHeight;
}

function windowsText(person) {
  const left = person.windows.reduce((sum, { left: some }) => sum + some, 0);
  return person.windows.length === 0 ? t('noWindow') : `${t('windows')}: ${left}`;
}

function renderTitle() {
  const person = follower();
  byId('phone-name').textContent = state.typing ? t('typing') : (account()?.name ?? '');
  byId('phone-who').replaceChildren(
    ...(person === undefined ? [] : [avatar(person.name, person.openid), h('span', {}, person.name)]),
  );
}

/** What the three dots offer. */
function popupItems(person) {
  const push = (type) => () => attempt(() => platform.push({ appid: state.appid, openid: person.openid, type }));
  const change = (refusesMessages) => () =>
    attempt(() => platform.changeFollower(person.openid, { appid: state.appid, refusesMessages }));
  const isOfficial = account()?.kind === 'official-account';
  return [
    isOfficial
      ? [t(person.following ? 'unfollow' : 'follow'), push(person.following ? 'unsubscribe' : 'subscribe')]
      : [t('enter'), push('enter')],
    [t(person.refusesMessages ? 'accept' : 'refuse'), change(!person.refusesMessages)],
    [
      t('copyOpenid'),
      async () => {
        if (await copyText(person.openid)) toast(t('copied'));
      },
    ],
  ];
}

function openPopup() {
  const person = follower();
  if (person === undefined) return;
  const popup = byId('phone-popup');
  const close = () => {
    popup.hidden = true;
    document.removeEventListener('pointerdown', outside);
    document.removeEventListener('keydown', escape);
  };
  const outside = (event) => {
    if (!popup.contains(event.target) && event.target !== byId('phone-more')) close();
  };
  const escape = (event) => {
    if (event.key !== 'Escape') return;
    close();
    byId('phone-more').focus();
  };
  if (!popup.hidden) return close();
  const buttons = popupItems(person).map(([label, act]) =>
    h('button', { type: 'button', onclick: () => (close(), act()) }, label),
  );
  popup.replaceChildren(...buttons, h('p', {}, windowsText(person)), h('p', { class: 'mono' }, person.openid));
  popup.hidden = false;
  buttons[0].focus();
  document.addEventListener('pointerdown', outside);
  document.addEventListener('keydown', escape);
}

function tick() {
  byId('phone-time').textContent = clockTime(platformNow());
}

/** The phone: its title, the chat, the time at its top. */
export function showPhone() {
  on(['messages', 'pushes', 'pushId', 'followers'], renderChat);
  on(['accounts', 'appid', 'openid', 'followers', 'typing'], renderTitle);
  on(['clockShiftMs'], tick);
  byId('phone-more').addEventListener('click', openPopup);
  setInterval(tick, 5_000);
  onLanguage(() => {
    renderChat();
    renderTitle();
    tick();
  });
}

/** To the newest message, as when a chat is opened. */
export function scrollToEnd() {
  const chat = byId('chat');
  chat.scrollTop = chat.scrollHeight;
}
