import { byId, h } from './dom.js';
import { attempt, platform } from './platform.js';
import { on, state } from './store.js';
import { onLanguage, t } from './words.js';

const colours = 8;

/** The same colour for the same person everywhere: by their place among the followers. */
function colourOf(openid) {
  const place = state.followers.findIndex((follower) => follower.openid === openid);
  return String(Math.max(place, 0) % colours);
}

/** A round picture made of the last character of a name. */
export function avatar(name, openid) {
  return h(
    'span',
    { class: 'avatar', data: { colour: colourOf(openid) }, 'aria-hidden': true },
    [...name].at(-1) ?? '?',
  );
}

function personButton(person, choose) {
  const selected = person.openid === state.openid;
  const marks = [
    state.unread.has(person.openid) ? h('span', { class: 'dot' }) : null,
    person.following ? null : h('span', { class: 'not-following', 'aria-hidden': true }, '＋'),
  ];
  return h(
    'button',
    {
      type: 'button',
      class: 'person',
      'aria-pressed': selected,
      title: person.openid,
      onclick: () => choose(person.openid),
    },
    h('span', { class: 'person-picture' }, avatar(person.name, person.openid), ...marks),
    h('span', { class: 'person-name' }, person.name),
  );
}

/** The row of followers to switch between, and the accounts above. `choose(appid, openid)` is called with a choice. */
export function showPeople(choose) {
  function renderPeople() {
    const add = h(
      'button',
      {
        type: 'button',
        class: 'person add',
        onclick: () =>
          attempt(async () => {
            const { openid } = await platform.addFollower(state.appid);
            await choose(state.appid, openid);
          }),
      },
      h('span', { class: 'person-picture' }, h('span', { class: 'avatar', 'aria-hidden': true }, '＋')),
      h('span', { class: 'person-name' }, t('addPerson')),
    );
    const row = byId('people');
    const focused = row.contains(document.activeElement) ? document.activeElement.title : undefined;
    row.replaceChildren(
      ...state.followers.map((person) => personButton(person, (openid) => choose(state.appid, openid))),
      add,
    );
    const chosen = row.querySelector('[aria-pressed="true"]');
    if (focused !== undefined) row.querySelector(`[title="${CSS.escape(focused)}"]`)?.focus();
    chosen?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  function renderAccounts() {
    const buttons = state.accounts.map(({ appid, name, kind, mode, format }) =>
      h(
        'button',
        {
          type: 'button',
          class: 'account',
          'aria-pressed': appid === state.appid,
          title: appid,
          onclick: () => choose(appid, undefined),
        },
        h('strong', {}, name),
        h('small', {}, [t(kind === 'mini-program' ? 'miniProgram' : 'officialAccount'), mode, format].join(' · ')),
      ),
    );
    byId('accounts').replaceChildren(...buttons);
  }

  on(['followers', 'openid', 'unread'], renderPeople);
  on(['accounts', 'appid'], renderAccounts);
  onLanguage(() => {
    renderPeople();
    renderAccounts();
  });
}
