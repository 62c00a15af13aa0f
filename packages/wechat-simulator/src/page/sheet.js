import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './words.js';

let serial = 0;

/**
 * Slides a sheet up over the shop. `content` is put below the title; what is under it cannot be reached meanwhile. `close()`
 * takes it away and gives the focus back; Escape, the cross and a tap beside it do the same, by way of `dismiss` (default: close).
 */
export function openSheet(layer, { title, content, className = '', dismiss }) {
  const before = document.activeElement;
  const under = [...layer.parentElement.children].filter((element) => element !== layer);
  serial += 1;
  const id = `sheet-title-${serial}`;
  const heading = h('h2', { id, tabindex: -1 }, title);
  const leave = () => (dismiss ?? close)();
  const sheet = h(
    'section',
    { class: `sheet ${className}`, role: 'dialog', 'aria-labelledby': id },
    h(
      'header',
      { class: 'sheet-head' },
      h('button', { type: 'button', class: 'icon', 'aria-label': t('close'), onclick: leave }, icon('close')),
      heading,
    ),
    h('div', { class: 'sheet-body', tabindex: -1 }, content),
  );
  const shade = h('div', { class: 'shade', onclick: leave });
  const keys = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    leave();
  };

  function close() {
    if (!layer.contains(sheet)) return;
    layer.removeEventListener('keydown', keys);
    layer.replaceChildren();
    layer.hidden = true;
    for (const element of under) element.inert = false;
    const back = before?.isConnected && before !== document.body ? before : layer.parentElement.querySelector('h2');
    back?.focus({ preventScroll: true });
  }

  for (const element of under) element.inert = true;
  layer.addEventListener('keydown', keys);
  layer.replaceChildren(shade, sheet);
  layer.hidden = false;
  heading.focus({ preventScroll: true });
  return { close, body: sheet.querySelector('.sheet-body'), setTitle: (text) => (heading.textContent = text) };
}
