/**
 * Makes an element. `props`: `class`, `on…` listeners, `data` (data attributes), anything else is an attribute (true: present,
 * false and undefined: absent; of aria-… only undefined). Children are elements or texts; a text never becomes markup.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith('aria-')) element.setAttribute(name, String(value));
    else if (value === false) continue;
    else if (name === 'class') element.className = value;
    else if (name === 'data') Object.assign(element.dataset, value);
    else if (name.startsWith('on')) element.addEventListener(name.slice(2).toLowerCase(), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/**
 * Puts new content into `box`. What had the focus has it again when something with the same `data-key` is there; without one,
 * and when it can no longer be pressed, the box itself takes it (give it tabindex -1) so that the keyboard never falls out.
 */
export function redraw(box, ...content) {
  const focused = box.contains(document.activeElement) ? document.activeElement : undefined;
  box.replaceChildren(...content.flat(2).filter((part) => part !== null && part !== undefined && part !== false));
  if (focused === undefined) return;
  const key = focused.dataset.key;
  const again = key === undefined ? null : box.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (again === null || again.disabled) box.focus({ preventScroll: true });
  else again.focus({ preventScroll: true });
}

let toastTimer;

/** A short word at the foot of the page. */
export function toast(text) {
  const element = byId('toast');
  element.textContent = text;
  element.classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => element.classList.remove('shown'), 2400);
}

/** Puts a text on the clipboard; false when the browser does not let us. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h('textarea', { class: 'offscreen', 'aria-hidden': true });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

/** Makes the buttons of a tab list behave as one: a click, an arrow key. `show` is called with the index chosen. */
export function tabs(buttons, show) {
  const choose = (index, focus) => {
    for (const [other, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(other === index));
      button.tabIndex = other === index ? 0 : -1;
    }
    if (focus) buttons[index].focus();
    show(index);
  };
  for (const [index, button] of buttons.entries()) {
    button.addEventListener('click', () => choose(index, false));
    button.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step !== undefined) choose((index + step + buttons.length) % buttons.length, true);
    });
  }
  return choose;
}
