import { copyText, h, toast } from './dom.js';
import { icon } from './icons.js';
import { richText } from './markup.js';
import { actionName, t } from './words.js';

/** The line a claimed coupon is known by, alone on its line. */
const codeLine = /^券码：(\S+)$/m;

function couponCard(code, title) {
  const copy = h(
    'button',
    {
      type: 'button',
      class: 'coupon-copy',
      'aria-label': `${t('copy')} ${code}`,
      onclick: async (event) => {
        event.stopPropagation();
        if (await copyText(code)) toast(t('copied'));
      },
    },
    t('copy'),
  );
  return h(
    'div',
    { class: 'coupon' },
    h(
      'div',
      { class: 'coupon-main' },
      h('span', { class: 'coupon-title' }, title),
      h('code', { class: 'coupon-code' }, code),
    ),
    copy,
  );
}

/** A text; a line `券码：…` in it becomes a coupon with a button to copy the code. */
function textBubble(text) {
  const match = codeLine.exec(text);
  if (match === null) return [h('div', { class: 'bubble' }, richText(text))];
  const rest = text
    .replace(match[0], '')
    .replace(/\n{2,}/g, '\n')
    .trim();
  const heading = t('couponCode');
  return [rest === '' ? null : h('div', { class: 'bubble' }, richText(rest)), couponCard(match[1], heading)];
}

const link = (url, ...children) => {
  const parsed = typeof url === 'string' ? URL.parse(url) : null;
  const safe = parsed !== null && /^https?:$/.test(parsed.protocol);
  return safe
    ? h('a', { class: 'card-link', href: parsed.href, target: '_blank', rel: 'noopener noreferrer' }, ...children)
    : h('div', { class: 'card-link' }, ...children);
};

function newsBubble(articles) {
  const items = articles.map((article) =>
    link(
      article.Url ?? article.url,
      h('strong', {}, article.Title ?? article.title ?? ''),
      h('p', {}, article.Description ?? article.description ?? ''),
    ),
  );
  return [h('div', { class: 'bubble wide' }, items)];
}

function noticeBubble({ title, text, url, page, miniprogram }) {
  const rows = text.split('\n').map((line) => {
    const [label, ...rest] = line.split(/[:：]/);
    return rest.length === 0
      ? h('p', {}, line)
      : h('p', { class: 'row' }, h('span', {}, label), h('b', {}, rest.join(':')));
  });
  const where = miniprogram?.pagepath ?? page ?? url;
  return [
    h(
      'div',
      { class: 'bubble wide notice-card' },
      h('strong', {}, title),
      rows,
      where ? link(url, h('small', {}, `${where} ›`)) : null,
    ),
  ];
}

function menuBubble({ head_content: head, list, tail_content: tail }, tap) {
  const items = list.map(({ id, content }) =>
    h('button', { type: 'button', class: 'inline-link', onclick: () => tap(id, content) }, content),
  );
  return [
    h(
      'div',
      { class: 'bubble' },
      head ? h('p', {}, head) : null,
      h('div', { class: 'stack' }, items),
      tail ? h('p', {}, tail) : null,
    ),
  ];
}

function picture(mediaId) {
  if (typeof mediaId !== 'string' || mediaId === '') return [h('div', { class: 'bubble' }, t('actImage'))];
  return [
    h('img', {
      class: 'picture',
      src: `/_sim/media/${encodeURIComponent(mediaId)}`,
      alt: t('actImage'),
      width: 140,
      height: 140,
    }),
  ];
}

/** What stands in the bubble of a message, by its type. `tapMenu(id, content)` is for menus inside messages. */
export function bubbleOf(message, tapMenu) {
  const { type, text, content } = message;
  if (type === 'text') return textBubble(text);
  if (type === 'image') return picture(content?.mediaId ?? content?.media_id ?? content?.MediaId);
  if (type === 'news' && Array.isArray(content)) return newsBubble(content);
  if (type === 'msgmenu') return menuBubble(content, tapMenu);
  if (type === 'template' || type === 'subscribe') return noticeBubble(content);
  if (type === 'location')
    return [h('div', { class: 'bubble' }, icon('place'), content?.text || '上海市黄浦区人民大道')];
  if (type === 'voice') return [h('div', { class: 'bubble voice' }, icon('sound'), `2″ ${content?.text ?? ''}`)];
  return [h('div', { class: 'bubble' }, text)];
}

/** The grey line for something done without writing. */
export function eventLine({ content, text }) {
  if (content?.event === undefined) return text;
  return content.eventKey ? `${actionName(content.event)}「${content.eventKey}」` : actionName(content.event);
}
