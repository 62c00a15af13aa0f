import type { Account } from '@lingquan/accounts';
import { sealPush } from '@lingquan/wechat';

/** A text message of a follower's, as WeChat would push it. */
export type TextPush = { openid: string; msgId: string; text: string; atMs: number };

/** One request to ingress. */
export type PushRequest = { path: string; body: string };

const nonce = '482913377';

/** Makes signed pushes for an account: its own mode and format; `/wx` for the default account, `/wx/{appid}` for any other. */
export function pushesTo(account: Account): (push: TextPush) => PushRequest {
  const route = account.isDefault ? '/wx' : `/wx/${account.appid}`;
  const toUserName = account.originalId || 'gh_lingquan_load';
  return ({ openid, msgId, text, atMs }) => {
    const timestamp = Math.floor(atMs / 1000);
    const fields = {
      ToUserName: toUserName,
      FromUserName: openid,
      CreateTime: timestamp,
      MsgType: 'text',
      Content: text,
      MsgId: BigInt(msgId),
    };
    const { query, body } = sealPush(account, fields, { timestamp, nonce, openid });
    // Openids, digests and digits need no escaping in a query.
    const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`);
    return { path: `${route}?${pairs.join('&')}`, body };
  };
}
