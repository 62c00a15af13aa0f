import { askConsent, askText } from './dialogs.js';
import { byId, h } from './dom.js';
import { icon } from './icons.js';
import { attempt, platform } from './platform.js';
import { account, follower, on, state } from './store.js';
import { onLanguage, t } from './words.js';

const push = (action) => attempt(() => platform.push({ appid: state.appid, openid: state.openid, ...action }));

async function scan() {
  const { items } = await platform.qrCodes(state.appid);
  const choices = [...new Set(items.map(({ scene }) => scene))].slice(-6);
  const scene = await askText({
    title: t('scanTitle'),
    label: t('scanLabel'),
    value: choices[0] ?? '优惠券',
    choicesLabel: t('scanCodes'),
    choices,
  });
  if (scene) await push({ type: 'scan', eventKey: scene });
}

async function speak() {
  const text = await askText({ title: t('voiceTitle'), label: t('voiceLabel'), value: '优惠券' });
  if (text !== undefined) await push({ type: 'voice', text });
}

async function consent() {
  const { items } = await platform.templates(state.appid, state.openid);
  const answer = await askConsent(
    items.map(({ id, title, permits }) => ({ id, title, note: t('permits', { n: permits }) })),
  );
  if (answer === undefined || answer.ids.length === 0) return;
  await attempt(() =>
    platform.consent({ appid: state.appid, openid: state.openid, templateIds: answer.ids, accept: answer.accept }),
  );
}

async function tapMenu(button) {
  const { type, key, url, pagepath } = button;
  if (type === 'view') return push({ type, eventKey: url });
  if (type === 'miniprogram') return push({ type: 'view_miniprogram', eventKey: pagepath });
  if (type === 'scancode_waitmsg' || type === 'scancode_push') {
    const text = await askText({ title: t('scanWaitTitle'), label: t('scanWaitLabel'), value: '优惠券' });
    return text === undefined ? undefined : push({ type, eventKey: key, text });
  }
  return push({ type, eventKey: key });
}

let openMenu;

function menuButton(button, index) {
  const below = button.sub_button ?? [];
  if (below.length === 0)
    return h(
      'div',
      { class: 'menu-item' },
      h('button', { type: 'button', onclick: () => attempt(() => tapMenu(button)) }, button.name),
    );
  const isOpen = openMenu === index;
  const items = below.map((one) =>
    h(
      'button',
      {
        type: 'button',
        onclick: () => {
          openMenu = undefined;
          render();
          return attempt(() => tapMenu(one));
        },
      },
      one.name,
    ),
  );
  const toggle = () => {
    openMenu = isOpen ? undefined : index;
    render();
  };
  return h(
    'div',
    { class: 'menu-item' },
    isOpen ? h('div', { class: 'submenu' }, items) : null,
    h(
      'button',
      { type: 'button', 'aria-expanded': isOpen, onclick: toggle },
      h('span', { class: 'menu-mark', 'aria-hidden': true }, '≡'),
      button.name,
    ),
  );
}

let actionsOpen = false;

function actionGrid() {
  const actions = [
    ['picture', 'actImage', () => push({ type: 'image' })],
    ['voice', 'actVoice', speak],
    ['place', 'actLocation', () => push({ type: 'location' })],
    ['link', 'actLink', () => push({ type: 'link', text: '领券攻略' })],
    ...(account()?.kind === 'official-account'
      ? [['scan', 'actScan', scan]]
      : [['chat', 'enter', () => push({ type: 'enter' })]]),
    ['bell', 'actConsent', consent],
  ];
  const buttons = actions.map(([picture, label, act]) =>
    h(
      'button',
      {
        type: 'button',
        onclick: () => {
          actionsOpen = false;
          render();
          return attempt(act);
        },
      },
      icon(picture),
      t(label),
    ),
  );
  return h('div', { class: 'actions' }, buttons);
}

/** What is being written, by follower: switching loses nothing. */
const drafts = new Map();

function send() {
  const input = byId('input');
  const text = input.value.trim();
  if (text === '') return;
  drafts.delete(state.openid);
  input.value = '';
  void push({ type: 'text', text });
}

function inputRow() {
  const input = h('input', {
    type: 'text',
    id: 'input',
    'aria-label': t('inputLabel'),
    placeholder: t('inputHint'),
    autocomplete: 'off',
    enterkeyhint: 'send',
    maxlength: 2000,
    oninput: (event) => drafts.set(state.openid, event.target.value),
    onkeydown: (event) => {
      if (event.key === 'Enter' && !event.isComposing) send();
    },
  });
  input.value = drafts.get(state.openid) ?? '';
  const more = h(
    'button',
    {
      type: 'button',
      class: 'icon',
      'aria-expanded': actionsOpen,
      'aria-label': t('plus'),
      onclick: () => {
        actionsOpen = !actionsOpen;
        render();
      },
    },
    '＋',
  );
  return h(
    'div',
    { class: 'input-row' },
    more,
    input,
    h('button', { type: 'button', class: 'primary send', onclick: send }, t('send')),
  );
}

function followRow(person) {
  return h(
    'div',
    { class: 'follow-row' },
    h('p', {}, t('followHint', { name: person.name })),
    h('button', { type: 'button', class: 'primary', onclick: () => push({ type: 'subscribe' }) }, t('follow')),
    h('button', { type: 'button', class: 'plain', onclick: () => attempt(scan) }, t('actScan')),
  );
}

function render() {
  const person = follower();
  if (person === undefined) return;
  const composer = byId('composer');
  const hadFocus = document.activeElement?.id === 'input';
  const stranger = account()?.kind === 'official-account' && !person.following;
  const rows = stranger
    ? [followRow(person)]
    : [
        inputRow(),
        actionsOpen ? actionGrid() : null,
        state.menu.length > 0
          ? h('div', { class: 'menu', role: 'group', 'aria-label': t('menu') }, state.menu.map(menuButton))
          : null,
      ];
  composer.replaceChildren(...rows.filter((row) => row !== null));
  if (hadFocus) byId('input')?.focus();
}

/** The lower end of the phone: text box, further actions, the account's menu; for a stranger the button to follow. */
export function showComposer() {
  let following;
  on(['openid', 'appid', 'menu'], render);
  on(['followers'], () => {
    // Followers change with every message; only this changes what stands here.
    const now = `${state.openid} ${follower()?.following}`;
    if (now !== following) render();
    following = now;
  });
  document.addEventListener('pointerdown', (event) => {
    if (openMenu === undefined || event.target.closest('.menu') !== null) return;
    openMenu = undefined;
    render();
  });
  onLanguage(render);
}
