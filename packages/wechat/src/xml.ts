import { AppError } from '@lingquan/errors';
import { XMLParser } from 'fast-xml-parser';
import { decodeEntities } from './entities.ts';
import { withoutIllegal, type Fields } from './fields.ts';
import { parseFlatXml } from './flat-xml.ts';
import { checkMarkup } from './markup.ts';

/**
 * Parses a push in XML into its fields; the root `<xml>` is left away. Values are the text as it stands: no trimming, no numbers,
 * an empty element is ''. Characters illegal in XML are taken out, not refused: users can type some of them (reference 3.1).
 * The lists of reference 3.3 are arrays even with one entry; other elements that repeat under one parent are too, unless
 * they are plain values where one is expected.
 * @throws AppError `invalid` for anything else than one well-formed `<xml>` of bounded depth and size
 */
export function parseXml(body: string): Fields {
  const xml = withoutIllegal(body);
  return parseFlatXml(xml) ?? parseTree(xml);
}

/** Any well-formed push; `parseFlatXml` must agree with it wherever it answers at all. */
export function parseTree(xml: string): Fields {
  checkMarkup(xml);
  const { xml: root } = build(xml);
  if (root === undefined || Array.isArray(root)) throw new AppError('invalid', 'Not a message: its root is not xml');
  if (typeof root !== 'string') return tidyGroup(root, '');
  if (root.trim() !== '') throw new AppError('invalid', 'Not a message: it has no fields');
  return {};
}

/** A tree to write: like Fields, but numbers and bigints are allowed (written bare) and undefined members are left away. */
export interface WritableFields {
  readonly [name: string]: WritableValue;
}
export type WritableValue = string | number | bigint | WritableFields | readonly WritableValue[] | undefined;

/**
 * Writes fields as WeChat does: `<xml>` around them, text in CDATA, numbers bare, a list as the element repeated.
 * `]]>` in a text is split over two CDATA sections (reference 4.1); what XML 1.0 forbids and half surrogate pairs are left out.
 */
export function writeXml(fields: WritableFields): string {
  return writeElement('xml', fields);
}

interface Tree {
  [name: string]: string | Tree | (string | Tree)[];
}

// One parser for the process: it keeps nothing between calls. The decoder replaces the library's, which would have to be built
// again for every message and leaves character references as they are.
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  jPath: false,
  textNodeName: '#text',
  entityDecoder: {
    decode: decodeEntities,
    reset: ignore,
    setExternalEntities: ignore,
    addInputEntities: ignore,
    setXmlVersion: ignore,
  },
});

function ignore(): void {}

function build(xml: string): Tree {
  try {
    return parser.parse(xml) as Tree;
  } catch (error) {
    // Without the cause: a parser's message quotes the input.
    throw error instanceof AppError ? error : new AppError('invalid', 'Not a message: its XML is broken');
  }
}

/** Parent to child: lists also when they have one entry (reference 3.3 and the vectors' conventions). */
const listNames: Readonly<Record<string, string>> = {
  Articles: 'item',
  PicList: 'item',
  ResultList: 'item',
  SubscribeMsgPopupEvent: 'List',
  SubscribeMsgChangeEvent: 'List',
  SubscribeMsgSentEvent: 'List',
};

/** Plain values that come more than once beside others. PUBLISHJOBFINISH is the only event known to do so. */
const repeatedValues: ReadonlySet<string> = new Set(['fail_idx']);

/** Works on the parser's own fresh tree: drops the blanks between elements, makes lists lists, refuses doubled values. */
function tidyGroup(group: Tree, name: string): Fields {
  delete group['#text']; // only blanks: checkMarkup refused anything else beside elements
  const names = Object.keys(group);
  for (const child of names) {
    const value = group[child] as Tree[string];
    if (typeof value === 'string') {
      if (listNames[name] === child) group[child] = [value];
    } else if (Array.isArray(value)) {
      if (isDoubledValue(value, child, name !== '' && names.length === 1)) {
        throw new AppError('invalid', 'Not a message: a field comes twice');
      }
      group[child] = value.map((entry) =>
        typeof entry === 'string' ? entry : tidyGroup(entry, child),
      ) as Tree[string];
    } else {
      const tidy = tidyGroup(value, child) as Tree;
      group[child] = listNames[name] === child ? [tidy] : tidy;
    }
  }
  return group;
}

/** A value given twice lets two readers see two messages. Repeated groups and a parent that holds nothing else are lists. */
function isDoubledValue(values: (string | Tree)[], name: string, isOnlyChild: boolean): boolean {
  return !isOnlyChild && !repeatedValues.has(name) && values.every((value) => typeof value === 'string');
}

function writeElement(name: string, value: WritableValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((entry: WritableValue) => writeElement(name, entry)).join('');
  return `<${name}>${writeValue(value as Exclude<WritableValue, readonly WritableValue[]>)}</${name}>`;
}

function writeValue(value: string | number | bigint | WritableFields | undefined): string {
  if (typeof value === 'string') return `<![CDATA[${withoutIllegal(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, child]) => writeElement(name, child))
    .join('');
}
