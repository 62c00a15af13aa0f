import { expect, test } from '@jest/globals';
import type { Account } from '@lingquan/accounts';
import { decodeAesKey, sealReply, textReply } from '@lingquan/wechat';
import { wordTryLater } from '@lingquan/wording';
import { answersFrom } from './answers.ts';

const encodingAESKey = 'k'.repeat(43);
const account = (mode: Account['mode']): Account => ({
  appid: 'wx0000000000000001',
  originalId: 'gh_1',
  name: '',
  kind: 'official-account',
  secret: 'secret',
  token: 'token',
  encodingAESKey,
  mode,
  format: 'xml',
  isDefault: true,
});
const reply = (content: string) => textReply({ to: 'o1', from: 'gh_1', createTime: 1, content });
const sealed = (content: string) =>
  sealReply(
    { account: account('safe'), key: decodeAesKey(encodingAESKey), format: 'xml', timestamp: 1, nonce: 'n' },
    reply(content),
  );
const ok = (body: string) => ({ status: 200, body });

test.each([
  '领取成功！\n券码：ABCD-2345\n请收好',
  '券码：ABCD-2345',
  '已领过\n券码：ABCD-2345',
  '[优惠]\n券码：ABCD-2345',
])('the code stands on a line of its own: %j', (content) => {
  expect(answersFrom(account('plaintext'), true)(ok(reply(content)))).toEqual({ kind: 'code', code: 'ABCD-2345' });
  expect(answersFrom(account('safe'), true)(ok(sealed(content)))).toEqual({ kind: 'code', code: 'ABCD-2345' });
});

test('words about a code are none', () => {
  expect(answersFrom(account('plaintext'), true)(ok(reply('你的券码：ABCD-2345')))).toEqual({ kind: 'worded' });
  expect(answersFrom(account('plaintext'), true)(ok(reply('已领完')))).toEqual({ kind: 'worded' });
});

test('"try later" is told apart: nothing was taken', () => {
  const answer = answersFrom(account('plaintext'), true)(ok(reply(wordTryLater('zh'))));
  expect(answer).toEqual({ kind: 'try later' });
});

test('what is taken without a word is told apart from what is refused', () => {
  const read = answersFrom(account('plaintext'), true);
  expect(
    [ok('success'), ok(''), { status: 401, body: '' }, { status: 503, body: 'x' }].map((one) => read(one).kind),
  ).toEqual(['success', 'empty', 'http 401', 'http 503']);
});

test('encrypted replies may stay closed', () => {
  expect(answersFrom(account('safe'), false)(ok(sealed('券码：ABCD-2345')))).toEqual({ kind: 'sealed' });
  expect(answersFrom(account('safe'), false)(ok('success'))).toEqual({ kind: 'success' });
});

test('a 200 that is no reply is unreadable', () => {
  for (const body of ['<html>error</html>', '{"errcode":0}', '<xml><Encrypt>bm90IHNlYWxlZA==</Encrypt></xml>'])
    expect(answersFrom(account('safe'), true)(ok(body))).toEqual({ kind: 'unreadable' });
});
