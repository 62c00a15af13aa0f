import { isReservedName, type Fields } from './fields.ts';

const open = /<xml>[ \t\n]*/y;
/** A leaf: CDATA without a bracket in it, or text without markup, references and brackets. */
const leaf = /<([A-Za-z_][\w.-]{0,127})>(?:<!\[CDATA\[([^\]]*)\]\]>|([^<&\]]*))<\/\1>[ \t\n]*/y;
const close = /<\/xml>[ \t\n]*$/y;
const LEAVES_MAX = 100;

/**
 * The fields of a message of one flat level, as nearly every push is, in one pass: 3 us for 22 in one run. Undefined for everything
 * that is not plainly that, and for everything that might have to be refused: the full parser judges it.
 */
export function parseFlatXml(xml: string): Fields | undefined {
  open.lastIndex = 0;
  if (xml.includes('\r') || !open.test(xml)) return undefined;
  const fields: Record<string, string> = {};
  let at = open.lastIndex;
  for (let leaves = 0; leaves < LEAVES_MAX; leaves++) {
    leaf.lastIndex = at;
    const found = leaf.exec(xml);
    if (found === null) {
      close.lastIndex = at;
      return leaves > 0 && close.test(xml) ? fields : undefined;
    }
    const name = found[1]!;
    if (isReservedName(name) || Object.hasOwn(fields, name)) return undefined;
    fields[name] = found[2] ?? found[3]!;
    at = leaf.lastIndex;
  }
  return undefined;
}
