import { AppError } from '@lingquan/errors';

const predefined = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Replaces the five entities XML knows by itself and character references (`&#20248;`, `&#x4f18;`), each once.
 * @throws AppError `invalid` for any other entity and for a bare `&`
 */
export function decodeEntities(text: string): string {
  const first = text.indexOf('&');
  if (first === -1) return text;
  let decoded = text.slice(0, first);
  for (let at = first; at !== -1;) {
    const end = text.indexOf(';', at);
    if (end === -1 || end - at > 10) throw new AppError('invalid', 'Not a message: an entity is unknown');
    decoded += decodeEntity(text.slice(at + 1, end));
    at = text.indexOf('&', end);
    decoded += at === -1 ? text.slice(end + 1) : text.slice(end + 1, at);
  }
  return decoded;
}

function decodeEntity(name: string): string {
  const character = predefined.get(name) ?? characterOf(name);
  if (character === undefined) throw new AppError('invalid', 'Not a message: an entity is unknown');
  return character;
}

function characterOf(name: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (!match) return undefined;
  const code = match[1] === undefined ? Number.parseInt(match[2] ?? '', 10) : Number.parseInt(match[1], 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
