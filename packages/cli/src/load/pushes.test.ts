import { expect, test } from '@jest/globals';
import { openPush, toInboundPush } from '@lingquan/wechat';
import type { Account } from '@lingquan/accounts';
import { pushesTo } from './pushes.ts';

const account = (more: Partial<Account>): Account => ({
  appid: 'wx0000000000000001',
  originalId: 'gh_1',
  name: '',
  kind: 'official-account',
  secret: 'secret',
  token: 'token',
  encodingAESKey: 'k'.repeat(43),
  mode: 'plaintext',
  format: 'xml',
  isDefault: true,
  ...more,
});

const atMs = 1_800_000_000_000;
const message = { openid: `o${'A'.repeat(27)}`, msgId: '8999999999000000001', text: '优惠券 <&]]>', atMs };

test.each([
  { mode: 'plaintext' },
  { mode: 'compatible' },
  { mode: 'safe' },
  { mode: 'plaintext', kind: 'mini-program', format: 'json' },
  { mode: 'safe', kind: 'mini-program', format: 'json' },
] as Partial<Account>[])('ingress can open what is sent to an account like %j', (more) => {
  const to = account(more);
  const { path, body } = pushesTo(to)(message);
  const query = Object.fromEntries(new URL(path, 'http://localhost').searchParams);
  const { fields } = openPush(to, { query, body: Buffer.from(body), now: atMs / 1000 });
  expect(toInboundPush(to, fields)).toMatchObject({
    openid: message.openid,
    msgId: message.msgId,
    content: { case: 'text', value: { content: message.text } },
  });
});

test('the default account is pushed to at /wx, any other at its appid', () => {
  const pathOf = (isDefault: boolean) => pushesTo(account({ isDefault }))(message).path.split('?')[0];
  expect([pathOf(true), pathOf(false)]).toEqual(['/wx', '/wx/wx0000000000000001']);
});
