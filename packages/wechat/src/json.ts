import { AppError } from '@lingquan/errors';
import { isReservedName, limits, withoutIllegal, type Fields } from './fields.ts';

/**
 * Parses a push in JSON (mini programs) into the same tree parseXml gives: every leaf is text, numbers as the digits they
 * were written with (MsgId has 64 bits), null is ''. `List` of the subscribe events, an object for one entry and an array for
 * several (reference 3.5), is always an array.
 * @throws AppError `invalid` for broken JSON, another root than an object, a key given twice, and too much or too deep
 */
export function parseJson(body: string): Fields {
  const text = withoutIllegal(body);
  const members = countMembers(text);
  let seen = 0;
  const root = parse(text, function revive(this: unknown, name, value: unknown, { source }) {
    if (!Array.isArray(this)) seen += 1;
    if (isReservedName(name)) refuse('a field has a reserved name');
    if (typeof value === 'string') return withoutIllegal(value);
    return value === null ? '' : (source ?? value);
  });
  if (seen !== members + 1) refuse('a field comes twice'); // the root counts as one
  if (typeof root !== 'object' || Array.isArray(root)) refuse('it is not an object');
  const fields = root as Record<string, Fields[string]>;
  if (isGroup(fields['List'])) fields['List'] = [fields['List']];
  return fields;
}

type Reviver = (this: unknown, name: string, value: unknown, context: { source?: string }) => unknown;

function parse(text: string, reviver: Reviver): unknown {
  try {
    return JSON.parse(text, reviver as (this: unknown, name: string, value: unknown) => unknown);
  } catch (error) {
    // Without the cause: a parser's message quotes the input.
    throw error instanceof AppError ? error : new AppError('invalid', 'Not a message: its JSON is broken');
  }
}

/**
 * Counts the members of all objects by their colons. JSON.parse keeps the last of two equal keys without a word; then it
 * visits fewer members than there are colons. Also where depth and number are bounded, before anything is built.
 */
function countMembers(text: string): number {
  let depth = 0;
  let colons = 0;
  let commas = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x3a: // :
        colons += 1;
        break;
      case 0x2c: // ,
        if ((commas += 1) > limits.values) refuse('too many fields');
        break;
      case 0x7b: // {
      case 0x5b: // [
        if ((depth += 1) > limits.depth) refuse('too deep');
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth -= 1;
        break;
    }
  }
  return colons;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at;
  }
  return text.length;
}

const isGroup = (value: Fields[string] | undefined): value is Fields =>
  typeof value === 'object' && !Array.isArray(value);

function refuse(why: string): never {
  throw new AppError('invalid', `Not a message: ${why}`);
}
