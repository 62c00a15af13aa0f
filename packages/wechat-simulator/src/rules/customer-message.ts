import { textBytesMax } from '@lingquan/wechat';
import type { AccountKind } from '../accounts.ts';

/** A customer-service message as it can be shown, or the code it is refused with. */
export type CustomerMessage = { readonly type: string; readonly content: unknown } | { readonly errcode: number };

const forMiniProgram: readonly string[] = ['text', 'image', 'link', 'miniprogrampage'];

/** The members each type must have, by the table of reference 7.1. */
const members: Readonly<Record<string, readonly string[]>> = {
  image: ['media_id'],
  voice: ['media_id'],
  video: ['media_id'],
  music: ['musicurl', 'thumb_media_id'],
  mpnews: ['media_id'],
  mpnewsarticle: ['article_id'],
  wxcard: ['card_id'],
  miniprogrampage: ['title', 'pagepath'],
  link: ['title', 'url'],
};

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * Checks the body of message/custom/send beside its receiver. `hasMedia` says whether the platform holds a file.
 * Rules: "Send customer service message"; reference 7.1.
 */
export function readCustomerMessage(
  body: Members,
  kind: AccountKind,
  hasMedia: (mediaId: string) => boolean,
): CustomerMessage {
  const type = body['msgtype'];
  if (typeof type !== 'string') return { errcode: 40008 };
  const allowed = kind === 'mini-program' ? forMiniProgram.includes(type) : type !== 'link';
  if (!allowed) return { errcode: 40008 };
  const part = body[type];
  if (type === 'text') return readText(part);
  if (type === 'news') return readNews(part);
  if (type === 'msgmenu') return readMenu(part);
  const needed = members[type];
  if (needed === undefined) return { errcode: 40008 };
  if (!isMembers(part)) return { errcode: 44002 };
  const missing = needed.find((name) => !isText(part[name]));
  if (missing !== undefined) return { errcode: missing.endsWith('media_id') ? 40007 : 40097 };
  const media = part['media_id'];
  if (isText(media) && type !== 'mpnews' && !hasMedia(media)) return { errcode: 40007 };
  return { type, content: part };
}

function readText(part: unknown): CustomerMessage {
  const content = isMembers(part) ? part['content'] : undefined;
  if (!isText(content)) return { errcode: 44004 };
  return Buffer.byteLength(content) > textBytesMax ? { errcode: 45002 } : { type: 'text', content };
}

function readNews(part: unknown): CustomerMessage {
  const articles: unknown = isMembers(part) ? part['articles'] : undefined;
  if (!Array.isArray(articles) || articles.length === 0) return { errcode: 44004 };
  return articles.length > 1 ? { errcode: 45008 } : { type: 'news', content: articles };
}

function readMenu(part: unknown): CustomerMessage {
  const list: unknown = isMembers(part) ? part['list'] : undefined;
  const isItem = (item: unknown) => isMembers(item) && isText(item['id']) && isText(item['content']);
  if (!Array.isArray(list) || list.length === 0 || !list.every(isItem)) return { errcode: 40097 };
  return { type: 'msgmenu', content: part };
}
