/**
 * The parameters of template and subscription messages. A key is its kind and a number, `thing1`; other keys (`keyword1`, `orderNo`)
 * are of the old templates, where anything goes. Rules: "Subscription message parameters" of the platform; reference 7.4.
 */

const count = (text: string): number => [...text].length;
// oxlint-disable-next-line no-control-regex
const controlCharacters = /[\u0000-\u001f\u007f]/;
const chinese = /\p{Script=Han}/u;

const clock = String.raw`\d{1,2}:\d{2}(?::\d{2})?`;
const day = String.raw`(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})`;
const range = (point: string): RegExp => new RegExp(`^${point}(?:\\s*~\\s*${point})?$`);
const timePoint = String.raw`(?:${day}\s?)?${clock}`;
const datePoint = String.raw`${day}(?:\s?${clock})?`;

const kinds: Readonly<Record<string, (value: string) => boolean>> = {
  thing: (value) => count(value) <= 20 && !controlCharacters.test(value),
  short_thing: (value) => count(value) <= 20 && !controlCharacters.test(value),
  number: (value) => count(value) <= 32 && /^-?\d+(\.\d+)?$/.test(value),
  letter: (value) => /^[A-Za-z]{1,32}$/.test(value),
  symbol: (value) => count(value) <= 5 && !/[\p{L}\p{N}\s]/u.test(value),
  character_string: (value) => /^[\x20-\x7e]{1,32}$/.test(value),
  time: (value) => range(timePoint).test(value),
  date: (value) => range(`(?:${datePoint}|${timePoint})`).test(value),
  amount: (value) => /^[¥￥$€£]?\d{1,10}(\.\d+)?元?$/.test(value),
  phone_number: (value) => /^[\d+()\-*# ]{1,17}$/.test(value),
  car_number: (value) => count(value) <= 8 && /^.[\dA-Z·]*.$/iu.test(value),
  name: (value) =>
    count(value) <= (chinese.test(value) ? 10 : 20) && !/\d/.test(value) && !controlCharacters.test(value),
  phrase: (value) => count(value) <= 5 && /^\p{Script=Han}+$/u.test(value),
  const: (value) => count(value) <= 20,
  enum: (value) => count(value) <= 20,
};

/** The parameters a template's content names, `{{thing1.DATA}}`, in their order; `first` and `remark` are filtered since 2023. */
export function parametersOf(content: string): string[] {
  const names = [...content.matchAll(/\{\{(\w+)\.DATA\}\}/g)].map((match) => match[1] ?? '');
  return names.filter((name) => name !== 'first' && name !== 'remark');
}

/** Values by parameter, or what is wrong with the first bad one, in the platform's words (its errmsg names the field). */
export type TemplateData = { readonly values: Readonly<Record<string, string>> } | { readonly problem: string };

/** Checks `data` of a send against the template's content. More than the template asks for is ignored. */
export function readTemplateData(content: string, data: unknown): TemplateData {
  const values: Record<string, string> = {};
  for (const name of parametersOf(content)) {
    const value = valueOf(data, name);
    if (value === '') return { problem: `data.${name}.value is empty` };
    const kind = /^([a-z_]+?)\d+$/.exec(name)?.[1] ?? '';
    if (kinds[kind]?.(value) === false) return { problem: `data.${name}.value invalid` };
    values[name] = value;
  }
  return { values };
}

function valueOf(data: unknown, name: string): string {
  const entry = (data as Record<string, { value?: unknown } | undefined> | undefined | null)?.[name];
  const value = entry?.value;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The message as the follower reads it. */
export function render(content: string, values: Readonly<Record<string, string>>): string {
  const filled = content.replace(/\{\{(\w+)\.DATA\}\}/g, (_whole, name: string) => values[name] ?? '');
  return filled
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n');
}
