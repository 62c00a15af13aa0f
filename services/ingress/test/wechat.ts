import type { Account } from '@lingquan/accounts';
import { decodeAesKey, open, parseJson, parseXml, sealPush, signatureMatches, textOf } from '@lingquan/wechat';
import type { Fields, WritableFields } from '@lingquan/wechat';
import { request } from 'undici';

/** An answer as WeChat's server sees it. */
export type Answer = { status: number; body: string; headers: Record<string, string | string[] | undefined> };

let lastMsgId = 7_400_000_000_000_000_000n;

/** The fields of a push, with the one every test asks for. */
export type PushFields = WritableFields & { FromUserName: string };

/** A text message; the same fields are the same push. */
export const text = (openid: string, content = '优惠券', changes: WritableFields = {}): PushFields => ({
  ToUserName: 'gh_0a1b2c3d4e5f',
  FromUserName: openid,
  CreateTime: 1_767_300_001,
  MsgType: 'text',
  Content: content,
  MsgId: String(++lastMsgId),
  ...changes,
});

export const event = (openid: string, name: string, changes: WritableFields = {}): PushFields => ({
  ToUserName: 'gh_0a1b2c3d4e5f',
  FromUserName: openid,
  CreateTime: Number(++lastMsgId % 1_000_000_000n),
  MsgType: 'event',
  Event: name,
  ...changes,
});

export type Sending = { timestamp?: number; path?: string; headers?: Record<string, string>; body?: string | Buffer };

/** Pushes as WeChat would: in the account's mode, signed now unless told otherwise. */
export function push(url: string, account: Account, fields: PushFields, sending: Sending = {}): Promise<Answer> {
  const { timestamp = Math.floor(Date.now() / 1000), path = `/wx/${account.appid}` } = sending;
  const { query, body } = sealPush(account, fields, {
    timestamp,
    nonce: '482913377',
    openid: fields.FromUserName,
  });
  return post(`${url}${path}?${new URLSearchParams(query).toString()}`, sending.body ?? body, sending.headers);
}

export async function post(url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await request(url, { method: 'POST', body, headers: { 'content-type': 'text/xml', ...headers } });
  return { status: response.statusCode, headers: response.headers, body: await response.body.text() };
}

export async function get(url: string): Promise<Answer> {
  const response = await request(url);
  return { status: response.statusCode, headers: response.headers, body: await response.body.text() };
}

/** The fields of a passive reply, opened and its signature checked when it is sealed. */
export function readReply({ appid, token, format, mode, encodingAESKey }: Account, body: string): Fields {
  const parse = format === 'json' ? parseJson : parseXml;
  const outer = parse(body);
  if (mode === 'plaintext') return outer;
  const [encrypt = '', signature = '', timestamp = '', nonce = ''] = [
    'Encrypt',
    'MsgSignature',
    'TimeStamp',
    'Nonce',
  ].map((name) => textOf(outer, name));
  if (!signatureMatches(signature, [token, timestamp, nonce, encrypt])) throw new Error('the reply is not signed');
  return parse(open(decodeAesKey(encodingAESKey!), appid, encrypt));
}
