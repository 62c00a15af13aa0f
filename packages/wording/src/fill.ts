/** What a template may name; undefined is "not known". */
export type Values = Readonly<Record<string, string | number | undefined>>;

const PLACE = /\{([a-z]+)\}/g;

/** `text` with its `{names}` filled in; undefined when one of them is not known. */
export function fill(text: string, values: Values): string | undefined {
  let whole = true;
  const filled = text.replace(PLACE, (_, name: string) => {
    const value = values[name];
    if (value === undefined) whole = false;
    return String(value);
  });
  return whole ? filled : undefined;
}

/** The lines that can be filled in, as one text. */
export const fillLines = (lines: readonly string[], values: Values): string =>
  lines.flatMap((line) => fill(line, values) ?? []).join('\n');
