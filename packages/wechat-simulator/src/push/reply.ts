import {
  type Fields,
  decodeAesKey,
  open,
  parseJson,
  parseXml,
  signatureMatches,
  textBytesMax,
  textOf,
} from '@lingquan/wechat';
import { messageOf } from '@lingquan/errors';
import type { Account } from '../accounts.ts';
import type { Reply } from './record.ts';

/** What the platform makes of a service's answer to a push. */
export type ReplyReading =
  | { readonly kind: 'nothing'; readonly clear: string }
  | { readonly kind: 'reply'; readonly clear: string; readonly reply: Reply }
  | { readonly kind: 'malformed'; readonly clear: string; readonly problem: string };

/** The members a reply of each type must have, as paths; the types are those of reference 4.1. */
const required: Readonly<Record<string, readonly (readonly string[])[]>> = {
  text: [['Content']],
  image: [['Image', 'MediaId']],
  voice: [['Voice', 'MediaId']],
  video: [['Video', 'MediaId']],
  music: [['Music', 'ThumbMediaId']],
  news: [['ArticleCount']],
  transfer_customer_service: [],
};

/**
 * Reads a passive reply as strictly as the platform: `success` and the empty body say nothing; anything else must be a reply to
 * this follower from this account, encrypted in safe mode, and otherwise counts as a failure of the service.
 */
export function readReply(account: Account, push: { openid: string; isMessage: boolean }, body: string): ReplyReading {
  if (body === '' || body === 'success') return { kind: 'nothing', clear: body };
  let clear = body;
  try {
    const outer = parse(account, body);
    const encrypt = textOf(outer, 'Encrypt');
    if (encrypt !== undefined) clear = openEnvelope(account, outer, encrypt);
    else if (account.mode === 'safe') throw new Error('the reply is in clear, but the account is in safe mode');
    const fields = encrypt === undefined ? outer : parse(account, clear);
    const problem = problemOf(account, push, fields);
    if (problem !== undefined) return { kind: 'malformed', clear, problem };
    return { kind: 'reply', clear, reply: { type: textOf(fields, 'MsgType') ?? '', content: contentOf(fields) } };
  } catch (error) {
    return { kind: 'malformed', clear, problem: messageOf(error) };
  }
}

const parse = (account: Account, body: string): Fields =>
  account.format === 'json' ? parseJson(body) : parseXml(body);

function openEnvelope(account: Account, outer: Fields, encrypt: string): string {
  if (account.mode === 'plaintext' || account.encodingAESKey === undefined) {
    throw new Error('the reply is encrypted, but the account is in plaintext mode');
  }
  const [signature, timestamp, nonce] = ['MsgSignature', 'TimeStamp', 'Nonce'].map((name) => textOf(outer, name));
  if (signature === undefined || timestamp === undefined || nonce === undefined) {
    throw new Error('the encrypted reply lacks MsgSignature, TimeStamp or Nonce');
  }
  if (!signatureMatches(signature, [account.token, timestamp, nonce, encrypt])) {
    throw new Error('the MsgSignature of the reply is wrong');
  }
  return open(decodeAesKey(account.encodingAESKey), account.appid, encrypt);
}

function problemOf(account: Account, push: { openid: string; isMessage: boolean }, fields: Fields): string | undefined {
  const type = textOf(fields, 'MsgType') ?? '';
  const members = required[type];
  if (textOf(fields, 'ToUserName') !== push.openid) return 'ToUserName is not the sender of the push';
  if (textOf(fields, 'FromUserName') !== account.originalId) return 'FromUserName is not the ToUserName of the push';
  if (!/^\d+$/.test(textOf(fields, 'CreateTime') ?? '')) return 'CreateTime is not a number of seconds';
  if (members === undefined) return `MsgType ${JSON.stringify(type)} is no type of reply`;
  const missing = members.find((path) => valueAt(fields, path) === '');
  if (missing !== undefined) return `${missing.join('/')} is missing or empty`;
  if (type === 'text' && Buffer.byteLength(textOf(fields, 'Content') ?? '') > textBytesMax)
    return 'Content is longer than 2047 bytes';
  if (type === 'news') return problemOfNews(fields);
  if (type === 'transfer_customer_service' && !push.isMessage) return 'an event cannot be handed to customer service';
  return undefined;
}

function valueAt(fields: Fields, path: readonly string[]): string {
  let at: unknown = fields;
  for (const name of path) at = (at as Record<string, unknown> | undefined)?.[name];
  return typeof at === 'string' ? at : '';
}

const articlesOf = (fields: Fields): readonly unknown[] => {
  const items = (fields['Articles'] as { item?: unknown } | undefined)?.item;
  return Array.isArray(items) ? items : [];
};

function problemOfNews(fields: Fields): string | undefined {
  const articles = articlesOf(fields);
  if (articles.length === 0) return 'Articles has no item';
  if (String(articles.length) !== textOf(fields, 'ArticleCount')) return 'ArticleCount is not the number of articles';
  return articles.length > 8 ? 'more than 8 articles' : undefined;
}

function contentOf(fields: Fields): unknown {
  const type = textOf(fields, 'MsgType') ?? '';
  if (type === 'text') return textOf(fields, 'Content');
  if (type === 'news') return articlesOf(fields);
  return fields[type.charAt(0).toUpperCase() + type.slice(1)] ?? fields['TransInfo'] ?? null;
}

/** The line a follower reads for a reply or a customer-service message; other types than text in square brackets, as in a chat list. */
export function describe(type: string, content: unknown): string {
  if (type === 'text') return String(content);
  if (type === 'news') {
    const [first] = content as Record<string, string>[];
    return `[图文] ${first?.['Title'] ?? first?.['title'] ?? ''}`;
  }
  const names: Readonly<Record<string, string>> = {
    image: '[图片]',
    voice: '[语音]',
    video: '[视频]',
    music: '[音乐]',
    miniprogrampage: '[小程序]',
  };
  return names[type] ?? `[${type}]`;
}
