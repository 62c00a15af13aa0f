import { sealReply, success, textReply } from '@lingquan/wechat';
import type { Account } from '@lingquan/accounts';
import type { OpenedPush } from '@lingquan/wechat';
import type { Answer } from '../domain/answer.ts';
import type { Push } from '../publish/records.ts';

/** What is needed to answer one request in the mode and format of its push. */
export type Return = {
  account: Account;
  opened: OpenedPush;
  push: Push;
  nonce: string;
};

export type Rendered = { body: string; type: string };

const PLAIN = 'text/plain; charset=utf-8';
const types = { xml: 'text/xml; charset=utf-8', json: 'application/json; charset=utf-8' };

/** The answer as WeChat reads it: sender and receiver swapped, sealed with the key that opened the push. */
export function render(answer: Answer, { account, opened, push, nonce }: Return): Rendered {
  if (answer.kind === 'success') return { body: success, type: PLAIN };
  if (answer.kind === 'late') return { body: '', type: PLAIN };
  const { format, key } = opened;
  const seconds = Math.floor(push.receivedAtMs / 1000);
  const clear = textReply({
    to: push.content.openid,
    from: push.content.toUserName,
    createTime: seconds,
    content: answer.text,
    format,
  });
  const type = types[format];
  if (key === undefined) return { body: clear, type };
  return { body: sealReply({ account, key, format, timestamp: seconds, nonce }, clear), type };
}
