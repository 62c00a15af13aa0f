import type { Account } from '@lingquan/accounts';
import { languages, wordTryLater } from '@lingquan/wording';
import { decodeAesKey, open, parseJson, parseXml, textOf } from '@lingquan/wechat';

/**
 * What a push was answered:
 * - `code`: a reply with a line `券码：…` (a new coupon, or the follower's first one again)
 * - `try later`: nothing was taken, said in words
 * - `worded`: any other reply in words
 * - `sealed`: an encrypted reply that was not opened
 * - `success`, `empty`: taken; the outcome follows, or none is due
 * - `http 401` and so on: refused; `timeout`: no answer in time; `connection`: none at all
 * - `unreadable`: a 200 that is no reply
 */
export type Answer = { kind: string; code?: string };

/** An answer as HTTP brings it. */
export type HttpAnswer = { status: number; body: string };

const codeLine = /^券码：(\S+)$/m;
const tryLater: ReadonlySet<string> = new Set(languages.map(wordTryLater));
/** A plain text in a reply: found without parsing, which costs 13 µs, a third of a push. */
const plainContent = /<Content><!\[CDATA\[([^\]]+)\]\]><\/Content>/;

/** Reads answers to an account's pushes; without `opens` encrypted ones stay closed, which saves their cost. */
export function answersFrom(account: Account, opens: boolean): (answer: HttpAnswer) => Answer {
  const key = account.mode === 'plaintext' ? undefined : decodeAesKey(account.encodingAESKey ?? '');
  const parse = account.format === 'json' ? parseJson : parseXml;
  const contentOf = (body: string): string | undefined => {
    const plain = plainContent.exec(body)?.[1];
    if (plain !== undefined && key === undefined) return plain;
    const fields = parse(body);
    const sealed = textOf(fields, 'Encrypt');
    if (sealed === undefined || key === undefined) return textOf(fields, 'Content');
    return textOf(parse(open(key, account.appid, sealed)), 'Content');
  };
  return ({ status, body }) => {
    if (status !== 200) return { kind: `http ${status}` };
    if (body === '') return { kind: 'empty' };
    if (body === 'success') return { kind: 'success' };
    if (!opens && key !== undefined) return { kind: 'sealed' };
    return read(() => contentOf(body));
  };
}

function read(contentOf: () => string | undefined): Answer {
  try {
    const content = contentOf();
    if (content === undefined) return { kind: 'unreadable' };
    const code = codeLine.exec(content)?.[1];
    if (code !== undefined) return { kind: 'code', code };
    return { kind: tryLater.has(content) ? 'try later' : 'worded' };
  } catch {
    return { kind: 'unreadable' }; // an answer in a form WeChat would not take either
  }
}
