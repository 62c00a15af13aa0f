import { AccountKind } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';

/** What the issuer needs of a push that is a text. */
export type TextPush = { appid: string; openid: string; accountKind: AccountKind; content: string };

/** Fields of InboundPush. */
const APPID = 1;
const ACCOUNT_KIND = 2;
const OPENID = 3;
const CREATE_TIME = 5;
const TEXT = 10;
const passedOver = new Set([4, 6, 8]); // to_user_name, msg_id, msg_data_id
const kinds = new Set<number>(Object.values(AccountKind).filter((value) => typeof value === 'number'));

/**
 * Reads a text message, as most pushes are, where it lies: decoding the whole message took a quarter of what deciding one takes. Undefined for
 * everything that is not plainly that (other content, fields of a newer schema, fields out of order, bytes that are not UTF-8): the
 * generic decoder reads those, or says what is wrong with them. A test holds the two to each other.
 */
export function readTextPush(bytes: Buffer): TextPush | undefined {
  const push: TextPush = { appid: '', openid: '', accountKind: AccountKind.UNSPECIFIED, content: '' };
  const end = bytes.length;
  let last = 0;
  let at = 0;
  while (at < end) {
    const tag = bytes[at]!;
    const field = tag >>> 3;
    if (tag > 0x7f || field <= last || at + 2 > end) return undefined;
    last = field;
    const size = bytes[at + 1]!;
    at += 2;
    if (field === ACCOUNT_KIND) {
      if ((tag & 7) !== 0 || !kinds.has(size)) return undefined;
      push.accountKind = size as AccountKind;
      continue;
    }
    // A length of one byte, and within the message.
    if ((tag & 7) !== 2 || size > 0x7f || at + size > end) return undefined;
    if (field === TEXT) {
      const content = contentIn(bytes, at, at + size);
      if (content === undefined) return undefined;
      push.content = content;
    } else if (field === CREATE_TIME) {
      if (!isTimestamp(bytes, at, at + size)) return undefined;
    } else {
      if (!isAscii(bytes, at, at + size)) return undefined;
      if (field === APPID) push.appid = asciiIn(bytes, at, at + size);
      else if (field === OPENID) push.openid = asciiIn(bytes, at, at + size);
      else if (!passedOver.has(field)) return undefined;
    }
    at += size;
  }
  return last === TEXT ? push : undefined;
}

/** The content of a TextMessage that has nothing else. */
function contentIn(bytes: Buffer, from: number, to: number): string | undefined {
  if (from === to) return '';
  if (to - from < 2 || bytes[from] !== 0x0a || from + 2 + bytes[from + 1]! !== to) return undefined;
  if (isAscii(bytes, from + 2, to)) return asciiIn(bytes, from + 2, to);
  const text = bytes.toString('utf8', from + 2, to);
  // What is not UTF-8 becomes this sign; and decoders differ on a byte order mark.
  return text.includes('\uFFFD') || text.startsWith('\uFEFF') ? undefined : text;
}

/** Seconds, then nanoseconds, of up to five bytes each, as any instant of these centuries. */
function isTimestamp(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  for (const tag of [0x08, 0x10]) {
    if (at === to || bytes[at] !== tag) continue;
    const begin = ++at;
    while (at < to && bytes[at]! > 0x7f) at++;
    if (++at > to || at - begin > 5) return false;
  }
  return at === to;
}

function isAscii(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! > 0x7f) return false;
  return true;
}

const asciiIn = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);
