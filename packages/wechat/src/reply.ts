import { AppError } from '@lingquan/errors';
import type { Account, PushFormat } from './account.ts';
import { seal } from './crypto.ts';
import { signatureOf } from './signature.ts';
import { writeJson } from './json-writer.ts';
import { cutText } from './text-limit.ts';
import { writeXml, type WritableFields } from './xml.ts';

/** The answer that tells WeChat "received, nothing to say"; never encrypted (reference 4.2). */
export const success = 'success';

/** Who is answered. The names of the push change places: `to` is its FromUserName, `from` its ToUserName. */
export interface ReplyHeader {
  to: string;
  from: string;
  /** Unix seconds. */
  createTime: number;
  /** XML when left away. JSON only where the account pushes JSON, and there only transferReply has an effect. */
  format?: PushFormat | undefined;
}

/**
 * A text. Longer than 2047 bytes, which WeChat would not show at all, it is cut at a character and ends in "…": a coupon's code stands
 * at the beginning, and a cut text still tells it where a refusal tells nothing.
 * @throws AppError `invalid` for an empty text: WeChat shows the user an error for it. To say nothing, answer `success`.
 */
export function textReply(reply: ReplyHeader & { content: string }): string {
  if (reply.content === '') throw new AppError('invalid', 'A text reply needs a text');
  return write(reply, 'text', { Content: cutText(reply.content, textBytesMax) });
}

/** Reported by developers; the platform gives no number (reference 4.1). */
export const textBytesMax = 2047;

export function imageReply(reply: ReplyHeader & { mediaId: string }): string {
  return write(reply, 'image', { Image: { MediaId: reply.mediaId } });
}

export function voiceReply(reply: ReplyHeader & { mediaId: string }): string {
  return write(reply, 'voice', { Voice: { MediaId: reply.mediaId } });
}

export function videoReply(reply: ReplyHeader & { mediaId: string; title?: string; description?: string }): string {
  const { mediaId, title, description } = reply;
  return write(reply, 'video', { Video: { MediaId: mediaId, Title: title, Description: description } });
}

export interface Music {
  thumbMediaId: string;
  title?: string;
  description?: string;
  musicUrl?: string;
  hqMusicUrl?: string;
}

export function musicReply(reply: ReplyHeader & Music): string {
  return write(reply, 'music', {
    Music: {
      Title: reply.title,
      Description: reply.description,
      MusicUrl: reply.musicUrl,
      HQMusicUrl: reply.hqMusicUrl,
      ThumbMediaId: reply.thumbMediaId,
    },
  });
}

export interface Article {
  title: string;
  description: string;
  picUrl: string;
  url: string;
}

/** Articles, 1 to 8 by the documentation; since October 2018 WeChat shows one (reference 4.1): send one. */
export function newsReply(reply: ReplyHeader & { articles: readonly Article[] }): string {
  const { articles } = reply;
  if (articles.length < 1 || articles.length > 8) throw new AppError('invalid', 'A news reply has 1 to 8 articles');
  const item = articles.map(({ title, description, picUrl, url }) => {
    return { Title: title, Description: description, PicUrl: picUrl, Url: url };
  });
  return write(reply, 'news', { ArticleCount: articles.length, Articles: { item } });
}

/** Hands the chat to human agents, or to one of them. Only in answer to a message, not to an event. */
export function transferReply(reply: ReplyHeader & { kfAccount?: string | undefined }): string {
  const { kfAccount } = reply;
  return write(reply, 'transfer_customer_service', { TransInfo: kfAccount ? { KfAccount: kfAccount } : undefined });
}

export interface ReplySealing {
  account: Pick<Account, 'appid' | 'token'>;
  /** The key that opened the push: OpenedPush.key. */
  key: Buffer;
  format: PushFormat;
  /** Unix seconds, our clock. */
  timestamp: number;
  /** The one of the push, or any text. */
  nonce: string;
  /** Random when left away. */
  random16?: Buffer | undefined;
}

/** The encrypted envelope around a reply (reference 2.4). `success` and the empty answer come back as they are: they are never encrypted. */
export function sealReply(
  { account, key, format, timestamp, nonce, random16 }: ReplySealing,
  plaintext: string,
): string {
  if (plaintext === success || plaintext === '') return plaintext;
  const encrypt = seal(key, account.appid, plaintext, random16);
  const signature = signatureOf([account.token, String(timestamp), nonce, encrypt]);
  const envelope = { Encrypt: encrypt, MsgSignature: signature, TimeStamp: timestamp, Nonce: nonce };
  return format === 'json' ? writeJson(envelope) : writeXml(envelope);
}

function write({ to, from, createTime, format }: ReplyHeader, type: string, body: WritableFields): string {
  const reply = { ToUserName: to, FromUserName: from, CreateTime: createTime, MsgType: type, ...body };
  return format === 'json' ? writeJson(reply) : writeXml(reply);
}
