import { byId, h } from './dom.js';
import { t } from './words.js';

/** Opens the dialog with `content`; resolves with what a button of it stands for, undefined when it is closed. */
function open(title, content, buttons) {
  const dialog = byId('dialog');
  return new Promise((resolve) => {
    const over = new AbortController();
    const finish = (value) => {
      over.abort();
      dialog.close();
      dialog.replaceChildren();
      resolve(value);
    };
    const row = buttons.map(([label, value, kind]) =>
      h(
        'button',
        {
          type: 'button',
          class: kind ?? 'plain',
          onclick: () => finish(typeof value === 'function' ? value() : value),
        },
        label,
      ),
    );
    const confirmOnEnter = (event) => {
      if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') return;
      event.preventDefault(); // else the button that opened the dialog, focused again, is pressed by the same key
      row.at(-1).click();
    };
    dialog.replaceChildren(
      h('h2', { id: 'dialog-title' }, title),
      h('div', { onkeydown: confirmOnEnter }, content),
      h('div', { class: 'dialog-buttons' }, row),
    );
    dialog.addEventListener(
      'cancel',
      (event) => {
        event.preventDefault();
        finish(undefined);
      },
      { signal: over.signal },
    );
    dialog.showModal();
  });
}

/** Asks for one line of text. `choices` are offered as buttons that fill it in. */
export function askText({ title, label, value = '', choicesLabel, choices = [] }) {
  const input = h('input', { type: 'text', id: 'dialog-input', autocomplete: 'off', maxlength: 500 });
  input.value = value;
  const list =
    choices.length === 0
      ? []
      : [
          h('p', { class: 'muted' }, choicesLabel),
          h(
            'div',
            { class: 'stack' },
            choices.map((choice) =>
              h(
                'button',
                {
                  type: 'button',
                  class: 'choice',
                  onclick: () => {
                    input.value = choice;
                    input.focus();
                  },
                },
                choice,
              ),
            ),
          ),
        ];
  const content = [h('label', { for: 'dialog-input' }, label), input, ...list];
  return open(title, content, [
    [t('cancel'), undefined],
    [t('ok'), () => input.value, 'primary'],
  ]);
}

/** Asks which of `items` ({ id, title, note }) are agreed to. Resolves with { accept, ids }, undefined when closed. */
export function askConsent(items) {
  const boxes = items.map(({ id, title, note }, index) => {
    const box = h('input', { type: 'checkbox', value: id, checked: index === 0 });
    return { box, row: h('label', { class: 'check' }, box, h('span', {}, title), h('small', {}, note)) };
  });
  const ids = () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
  return open(
    t('consentTitle'),
    [h('p', { class: 'muted' }, t('consentHint')), ...boxes.map(({ row }) => row)],
    [
      [t('reject'), () => ({ accept: false, ids: ids() })],
      [t('allow'), () => ({ accept: true, ids: ids() }), 'primary'],
    ],
  );
}
