import { h } from './dom.js';

/** Indents XML for reading; texts and CDATA stay as they are. */
export function indentXml(text) {
  const parts = text.match(/<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/g) ?? [];
  let depth = 0;
  let out = '';
  let inLeaf = false;
  for (const [index, part] of parts.entries()) {
    const isTag = part.startsWith('<') && !part.startsWith('<![');
    if (!isTag) {
      out += part.trim() === '' ? '' : part;
      continue;
    }
    if (part.startsWith('</')) {
      depth -= 1;
      out += inLeaf ? part : `\n${'  '.repeat(Math.max(depth, 0))}${part}`;
      inLeaf = false;
      continue;
    }
    out += `${out === '' ? '' : '\n'}${'  '.repeat(depth)}${part}`;
    if (part.endsWith('/>') || part.startsWith('<?')) continue;
    depth += 1;
    const next = parts[index + 1] ?? '';
    inLeaf = next.startsWith('<![') || !next.startsWith('<') || next.startsWith('</');
  }
  return out;
}

/** Indents JSON without reading it as values: 64-bit numbers would lose their last digits. */
export function indentJson(text) {
  let depth = 0;
  let out = '';
  for (const token of text.match(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []) {
    if (token === '{' || token === '[') {
      depth += 1;
      out += `${token}\n${'  '.repeat(depth)}`;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      out = `${out.trimEnd()}\n${'  '.repeat(Math.max(depth, 0))}${token}`.replace(/([{[])\s+([}\]])$/, '$1$2');
    } else if (token === ',') out += `,\n${'  '.repeat(depth)}`;
    else out += token === ':' ? ': ' : token;
  }
  return out;
}

const looksLike = (text) => (/^\s*</.test(text) ? 'xml' : /^\s*[{[]/.test(text) ? 'json' : 'text');

const xmlTokens = /(<!\[CDATA\[)([\s\S]*?)(\]\]>)|(<\/?)([^\s/>]+)([^>]*>)/g;
const jsonTokens = /("(?:\\.|[^"\\])*")(\s*:)?|\b(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null)\b/gi;

function paint(text, pattern, spans) {
  const out = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) out.push(text.slice(at, match.index));
    out.push(...spans(match));
    at = match.index + match[0].length;
  }
  out.push(text.slice(at));
  return out;
}

const span = (name, text) => h('span', { class: name }, text);

const xmlSpans = ([, open, inside, close, start, name, rest]) =>
  open === undefined
    ? [span('k-mark', start), span('k-name', name), span('k-mark', rest)]
    : [span('k-mark', open), span('k-text', inside), span('k-mark', close)];
const jsonSpans = ([whole, string, colon]) =>
  string === undefined
    ? [span('k-number', whole)]
    : colon === undefined
      ? [span('k-text', string)]
      : [span('k-name', string), colon];

/** A block with the message indented and coloured. */
export function codeBlock(text) {
  const kind = looksLike(text);
  const pre = h('pre', { class: 'code', tabindex: 0 });
  if (kind === 'xml') pre.append(...paint(indentXml(text), xmlTokens, xmlSpans));
  else if (kind === 'json') pre.append(...paint(indentJson(text), jsonTokens, jsonSpans));
  else pre.textContent = text;
  return pre;
}

/** A text as a chat shows it: `<a href>` becomes a link (http and https only), every other markup stays text. */
export function richText(text) {
  return paint(text, /<a\s[^>]*?href\s*=\s*["']([^"']*)["'][^>]*>([\s\S]*?)<\/a>/gi, ([, href, label]) => {
    const url = URL.parse(href);
    const allowed = url !== null && /^https?:$/.test(url.protocol);
    return [allowed ? h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, label) : label];
  });
}
