import { copyText, h, toast } from './dom.js';
import { codeBlock } from './markup.js';
import { t } from './words.js';

/** The pieces every panel of what went over the wire is made of. */

export const section = (label, ...content) => h('section', { class: 'part' }, h('h3', {}, label), ...content);

function copyButton(text) {
  return h(
    'button',
    {
      type: 'button',
      class: 'plain small',
      onclick: async () => {
        if (await copyText(text)) toast(t('copied'));
      },
    },
    t('copy'),
  );
}

/** A message, indented and coloured, with a button to copy it as it is. */
export const code = (label, text) =>
  h(
    'section',
    { class: 'part' },
    h('header', { class: 'part-head' }, h('h3', {}, label), copyButton(text)),
    text === '' ? h('p', { class: 'muted' }, t('emptyBody')) : codeBlock(text),
  );

/** One line of a list at the left: a mark, a title and the time above what it is about. */
export function row({ selected, good, title, text, time, choose }) {
  const waiting = good === undefined;
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'wire-row', 'aria-current': selected ? 'true' : undefined, onclick: choose },
      h(
        'span',
        { class: waiting ? 'mark' : good ? 'mark good' : 'mark bad', 'aria-hidden': true },
        waiting ? '…' : good ? '✓' : '✕',
      ),
      h('span', { class: 'wire-title' }, title),
      h('span', { class: 'wire-text' }, text),
      h('time', {}, time),
    ),
  );
}

export const facts = (list) =>
  h(
    'dl',
    { class: 'facts' },
    list.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );

/** The bar of an attempt is measured by this, by its root, so that milliseconds show beside seconds. */
const timeoutMs = 5000;

export function bar(ms, good) {
  const element = h('span', { class: good ? 'bar' : 'bar bad' });
  element.style.width = `${Math.min(Math.sqrt(ms / timeoutMs) * 100, 100)}%`;
  return h('span', { class: 'bar-track' }, element);
}
