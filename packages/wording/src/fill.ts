/** What a template may name; undefined is "not known". */
export type Values = Readonly<Record<string, string | number | undefined>>;

const PLACE = /\{([a-z]+)\}/;

/** Each template taken apart once: text, name, text, name, …, text. As many entries as there are templates. */
const takenApart = new Map<string, string[]>();

function piecesOf(template: string): string[] {
  const known = takenApart.get(template);
  if (known !== undefined) return known;
  const pieces = template.split(PLACE);
  takenApart.set(template, pieces);
  return pieces;
}

/** `template` with its `{names}` filled in; undefined when one of them is not known. */
export function fill(template: string, values: Values): string | undefined {
  const pieces = piecesOf(template);
  let text = pieces[0]!;
  for (let at = 1; at < pieces.length; at += 2) {
    const value = values[pieces[at]!];
    if (value === undefined) return undefined;
    text += String(value) + pieces[at + 1]!;
  }
  return text;
}

/** The lines that can be filled in, as one text. */
export function fillLines(lines: readonly string[], values: Values): string {
  let text = '';
  for (const line of lines) {
    const filled = fill(line, values);
    if (filled !== undefined) text += text === '' ? filled : `\n${filled}`;
  }
  return text;
}
