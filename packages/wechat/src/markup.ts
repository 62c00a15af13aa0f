import { AppError } from '@lingquan/errors';
import { isReservedName, limits } from './fields.ts';

/**
 * Refuses XML that no WeChat server writes, in one pass and before a parser builds anything: DOCTYPE, entities of its own,
 * comments, processing instructions, tags that do not match, text beside elements, too deep, too many. What passes means the
 * same to every parser, so none can be led to read another message than the one that was checked. fast-xml-parser alone accepts unclosed tags.
 * @throws AppError `invalid`
 */
export function checkMarkup(xml: string): void {
  const open: Element[] = [];
  let elements = 0;
  let at = afterDeclaration(xml);
  for (;;) {
    const tag = xml.indexOf('<', at);
    checkText(xml, at, tag === -1 ? xml.length : tag, open.at(-1));
    if (tag === -1) break;
    const next = xml.charCodeAt(tag + 1);
    if (next === slash) {
      at = closeElement(xml, tag, open);
    } else if (next === bang) {
      at = skipCdata(xml, tag, open.at(-1));
    } else {
      if (open.length === 0 && elements > 0) refuse('more than one root');
      if ((elements += 1) > limits.values) refuse('too many elements');
      at = openElement(xml, tag, open);
      if (open.length > limits.depth) refuse('too deep');
    }
  }
  if (open.length > 0 || elements === 0) refuse('a tag is not closed');
}

interface Element {
  name: string;
  hasText: boolean;
  hasChildren: boolean;
}

const slash = 0x2f;
const bang = 0x21;
const greater = 0x3e;
const cdataStart = '<![CDATA[';

function refuse(why: string): never {
  throw new AppError('invalid', `Not a message: ${why}`);
}

/** Past a byte order mark and an XML declaration. Only the usual declaration: another reader must not see another end of it. */
function afterDeclaration(xml: string): number {
  const start = xml.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (!xml.startsWith('<?', start)) return start;
  const end = xml.indexOf('?>', start);
  if (end === -1 || end > 100 || !/^<\?xml [-a-zA-Z0-9 .="']+$/.test(xml.slice(start, end)))
    refuse('its declaration is wrong');
  return end + 2;
}

function checkText(xml: string, from: number, to: number, parent: Element | undefined): void {
  for (let at = from; at < to; at += 1) {
    if (isBlank(xml.charCodeAt(at))) continue;
    if (!parent || parent.hasChildren) refuse('text between elements');
    parent.hasText = true;
    return;
  }
}

function skipCdata(xml: string, at: number, parent: Element | undefined): number {
  if (!xml.startsWith(cdataStart, at)) refuse('declarations and comments are not allowed');
  if (!parent || parent.hasChildren) refuse('text between elements');
  parent.hasText = true;
  const end = xml.indexOf(']]>', at + cdataStart.length);
  if (end === -1) refuse('a CDATA section is not closed');
  return end + 3;
}

function openElement(xml: string, tag: number, open: Element[]): number {
  const nameEnd = endOfName(xml, tag + 1);
  const name = xml.slice(tag + 1, nameEnd);
  if (isReservedName(name)) refuse('an element has a reserved name');
  const parent = open.at(-1);
  if (parent?.hasText) refuse('text between elements');
  if (parent) parent.hasChildren = true;
  const end = xml.charCodeAt(nameEnd) === greater ? nameEnd : endOfAttributes(xml, nameEnd);
  if (xml.charCodeAt(end - 1) !== slash) open.push({ name, hasText: false, hasChildren: false });
  return end + 1;
}

function closeElement(xml: string, tag: number, open: Element[]): number {
  const end = xml.indexOf('>', tag);
  const name = end === -1 ? '' : xml.slice(tag + 2, end).trimEnd();
  if (name === '' || open.pop()?.name !== name) refuse('tags do not match');
  return end + 1;
}

/** Names are ASCII letters, digits, `_`, `-`, `.` and `:`; they start with none of digit, `-`, `.`. */
function endOfName(xml: string, from: number): number {
  let at = from;
  while (isNameCode(xml.charCodeAt(at))) at += 1;
  const first = xml.charCodeAt(from);
  if (at === from || at - from > 128 || first === 0x2d || first === 0x2e || isDigit(first)) refuse('a name is wrong');
  return at;
}

/** Attributes are read over: WeChat sends none. Returns the place of the closing `>`. */
function endOfAttributes(xml: string, from: number): number {
  let at = skipBlanks(xml, from);
  while (xml.charCodeAt(at) !== greater) {
    if (xml.charCodeAt(at) === slash && xml.charCodeAt(at + 1) === greater) return at + 1;
    if (!isBlank(xml.charCodeAt(at - 1))) refuse('an attribute is wrong');
    at = skipBlanks(xml, endOfAttribute(xml, at));
  }
  return at;
}

function endOfAttribute(xml: string, from: number): number {
  const nameEnd = endOfName(xml, from);
  const quote = xml.charAt(nameEnd + 1);
  if (xml.charAt(nameEnd) !== '=' || (quote !== '"' && quote !== "'")) refuse('an attribute is wrong');
  const end = xml.indexOf(quote, nameEnd + 2);
  if (end === -1 || xml.slice(nameEnd, end).includes('<')) refuse('an attribute is wrong');
  return end + 1;
}

function skipBlanks(xml: string, from: number): number {
  let at = from;
  while (isBlank(xml.charCodeAt(at))) at += 1;
  return at;
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isNameCode = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  isDigit(code) ||
  code === 0x5f ||
  code === 0x2d ||
  code === 0x2e ||
  code === 0x3a;
