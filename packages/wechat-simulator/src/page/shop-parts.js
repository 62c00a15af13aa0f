import { h, redraw } from './dom.js';
import { price } from './money.js';
import { known, t } from './words.js';

/** Asking takes a moment; said to those who cannot see it turn, too. */
export const loading = () =>
  h('p', { class: 'shop-loading', role: 'status' }, h('span', { class: 'spinner', 'aria-hidden': true }), t('loading'));

/** What went wrong, in words, and what to do about it. `prefix` chooses another set of hints. */
export function trouble(error, { retry, prefix = 'hint' } = {}) {
  const code = error.code === 'unclear' && error.status === 404 ? 'not_found' : error.code;
  const hint = `${prefix}_${code}`;
  return h(
    'div',
    { class: 'trouble', role: 'alert' },
    h('p', {}, error.message),
    known(hint) ? h('p', { class: 'muted' }, t(hint)) : null,
    retry === undefined
      ? null
      : h('button', { type: 'button', class: 'plain', 'data-key': 'retry', onclick: retry }, t('retry')),
  );
}

/**
 * Fills a screen from a question: a turning mark first, then what `draw(answer)` makes, or the trouble with a button to try
 * again. Nothing more happens once the screen has been left.
 */
export async function fill({ body, signal }, question, draw) {
  const run = async () => {
    redraw(body, loading());
    try {
      const answer = await question();
      if (!signal.aborted) draw(answer);
    } catch (error) {
      if (!signal.aborted) redraw(body, trouble(error, { retry: () => void run() }));
    }
  };
  await run();
}

/** A sum with its yuan larger than the rest, as on a price tag. */
export function priceTag(fen, className = '') {
  const [whole, cents] = price(fen).split('.');
  return h('span', { class: `price ${className}` }, whole, h('small', {}, `.${cents}`));
}

const tones = 6;

/** A picture of goods without a picture: the first character, the colour by the category. */
export function goodTile({ name, category = '' }) {
  const tone = [...category].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % tones;
  return h('span', { class: 'good-tile', data: { tone: String(tone) }, 'aria-hidden': true }, [...name][0] ?? '·');
}

/** Names beside values, in rows. */
export const rows = (list) =>
  h(
    'dl',
    { class: 'rows' },
    list
      .filter((row) => row !== null)
      .map(([name, value, className]) =>
        h('div', { class: className ?? '' }, h('dt', {}, name), h('dd', {}, ...[value].flat())),
      ),
  );
