import type { Text } from '../text.ts';

/** Markup that may stand in a page as it is. Made by `html` alone. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = Html | string | number | readonly Part[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (mark) => entities[mark]!);

const markupOf = (part: Part): string => {
  if (part instanceof Html) return part.markup;
  return typeof part === 'object' ? part.map(markupOf).join('') : escape(String(part));
};

/** Markup with text put in: text is escaped, markup and lists of it are not. The template's own indentation is left out. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(String.raw({ raw: strings.map((text) => text.replaceAll(/\s*\n\s*/g, '\n')) }, ...parts.map(markupOf)));

/** Both languages in one line, the English smaller. */
export const said = ({ zh, en }: Text): Html => html`${zh} <small lang="en">${en}</small>`;

/** Text with `code` in it. */
export const prose = (text: string): Html =>
  html`${text.split('`').map((piece, place) => (place % 2 === 0 ? html`${piece}` : html`<code>${piece}</code>`))}`;

/** A name in camelCase that may break before its capitals. */
export const breakable = (name: string): Html =>
  html`${name.split(/(?<=[a-z])(?=[A-Z])/).map((piece, place) => html`${place === 0 ? '' : html`<wbr />`}${piece}`)}`;

/** JSON with its names and texts told apart. */
export function jsonHtml(value: unknown): Html {
  const tokens = JSON.stringify(value, null, 2).split(/("(?:[^"\\]|\\.)*"(?=:)|"(?:[^"\\]|\\.)*")/);
  return html`${tokens.map((token, place) => {
    if (place % 2 === 0) return token;
    return tokens[place + 1]?.startsWith(':') === true ? html`<b>${token}</b>` : html`<i>${token}</i>`;
  })}`;
}
