import { expect, test } from '@jest/globals';
import { decodeAesKey, open } from './crypto.ts';
import { textOf } from './fields.ts';
import { parseJson } from './json.ts';
import { newsReply, sealReply, success, textBytesMax, textReply, transferReply } from './reply.ts';
import { signatureMatches } from './signature.ts';
import { parseXml } from './xml.ts';

const header = { to: 'oUser', from: 'gh_1', createTime: 1_767_320_000 };
const contentOf = (content: string): string => textOf(parseXml(textReply({ ...header, content })), 'Content') ?? '';

test('a text of 2047 bytes goes out whole', () => {
  const text = `${'券'.repeat(682)}a`;
  expect(Buffer.byteLength(text)).toBe(textBytesMax);
  expect(contentOf(text)).toBe(text);
});

test.each(['a', '券', '😀', 'a券😀'])('a longer text of "%s" is cut between characters and says so', (unit) => {
  for (let ahead = 0; ahead < 5; ahead += 1) {
    const text = 'x'.repeat(ahead) + unit.repeat(2048);
    const cut = contentOf(text);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(textBytesMax);
    expect(Buffer.byteLength(cut)).toBeGreaterThan(textBytesMax - 4);
    expect(cut.isWellFormed()).toBe(true);
    expect(cut.endsWith('…')).toBe(true);
    expect(text.startsWith(cut.slice(0, -1))).toBe(true);
  }
});

test('a link is not cut in half', () => {
  const link = '<a href="https://m.example.com/">券</a>';
  expect(contentOf('x'.repeat(2030) + link)).toBe(`${'x'.repeat(2030)}…`);
  expect(contentOf(link + 'x'.repeat(2047))).toMatch(/^<a href="https:\/\/m.example.com\/">券<\/a>x+…$/);
});

test('an empty text is refused: to say nothing is another answer', () => {
  expect(() => textReply({ ...header, content: '' })).toThrow(expect.objectContaining({ code: 'invalid' }));
});

test('what a user typed cannot leave its field', () => {
  const content = ']]></Content><ToUserName>oThief</ToUserName><!-- & \u0000';
  expect(parseXml(textReply({ ...header, content }))).toEqual({
    ToUserName: 'oUser',
    FromUserName: 'gh_1',
    CreateTime: '1767320000',
    MsgType: 'text',
    Content: content.slice(0, -1),
  });
});

test('a news reply has 1 to 8 articles', () => {
  const article = { title: 't', description: 'd', picUrl: 'https://a.example/p', url: 'https://a.example/' };
  const reply = (count: number) => newsReply({ ...header, articles: Array.from({ length: count }, () => article) });
  expect(parseXml(reply(8))).toMatchObject({
    ArticleCount: '8',
    Articles: { item: Array.from({ length: 8 }, () => expect.anything()) },
  });
  for (const count of [0, 9]) expect(() => reply(count)).toThrow(expect.objectContaining({ code: 'invalid' }));
});

test('a mini program hands over in JSON', () => {
  const reply = transferReply({ ...header, format: 'json' });
  expect(reply).toBe(
    '{"ToUserName":"oUser","FromUserName":"gh_1","CreateTime":1767320000,"MsgType":"transfer_customer_service"}',
  );
  expect(parseJson(transferReply({ ...header, format: 'json', kfAccount: 'a@gh_1' }))).toMatchObject({
    TransInfo: { KfAccount: 'a@gh_1' },
  });
});

const account = { appid: 'wx0000000000000001', token: 'devToken2026' };
const key = decodeAesKey('sGP4DssSvC6q4NfmtsPTRF0VRdH4YXuyPPs9NpLMktw');

test.each(['xml', 'json'] as const)('a sealed reply in %s is signed over its own values and opens again', (format) => {
  const text = textReply({ ...header, content: '已到账' });
  const sealed = sealReply({ account, key, format, timestamp: 1_767_226_200, nonce: '0007abcDEF' }, text);
  const envelope = format === 'xml' ? parseXml(sealed) : parseJson(sealed);
  expect(Object.keys(envelope)).toEqual(['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce']);
  const [encrypt, signature, timestamp, nonce] = Object.values(envelope) as [string, string, string, string];
  expect(signatureMatches(signature, [account.token, timestamp, nonce, encrypt])).toBe(true);
  expect([timestamp, nonce]).toEqual(['1767226200', '0007abcDEF']);
  expect(open(key, account.appid, encrypt)).toBe(text);
});

test('success and the empty answer are never sealed', () => {
  for (const answer of [success, '']) {
    expect(sealReply({ account, key, format: 'xml', timestamp: 1, nonce: '1' }, answer)).toBe(answer);
  }
});
