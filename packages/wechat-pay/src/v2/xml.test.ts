import { expect, test } from '@jest/globals';
import { verifyParameters } from './sign.ts';
import { parseMessage, plainMessage, signedMessage } from './xml.ts';

const invalid = expect.objectContaining({ code: 'invalid' });
const key = 'EvrJwUFIxiY3N2MRQa3yK2VE7zgOLDyf';

test('reads what libraries write: indented, declared, escaped or in CDATA', () => {
  const text =
    '<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n  <a>1 &lt; 2 &amp; &#20248;</a>\n  <b><![CDATA[<x>]]></b><c/>\n</xml>\n';
  expect(parseMessage(text)).toEqual({ a: '1 < 2 & 优', b: '<x>', c: '' });
});

test.each([
  ['a DTD', '<!DOCTYPE xml><xml><a>1</a></xml>'],
  ['an entity of its own', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><a>&e;</a></xml>'],
  ['an unknown entity', '<xml><a>&e;</a></xml>'],
  ['a field twice', '<xml><a>1</a><a>2</a></xml>'],
  ['a field twice, alone', '<xml><a>1</a><b>x</b><a>1</a></xml>'],
  ['a second level', '<xml><a><b>1</b></a></xml>'],
  ['a comment', '<xml><a>1<!-- 2 --></a></xml>'],
  ['an open tag', '<xml><a>1</xml>'],
  ['two roots', '<xml><a>1</a></xml><xml><a>2</a></xml>'],
  ['another root', '<root><a>1</a></root>'],
  ['a name of Object', '<xml><__proto__>1</__proto__></xml>'],
  ['nothing', ''],
  ['JSON', '{"a":1}'],
  ['too much', `<xml><a>${'x'.repeat(256 * 1024)}</a></xml>`],
])('refuses %s', (_, text) => {
  expect(() => parseMessage(text)).toThrow(invalid);
});

test('refuses what is not UTF-8', () => {
  expect(() => parseMessage(Buffer.from('<xml><a>\xff</a></xml>', 'latin1'))).toThrow(invalid);
});

test('what a refund notice seals has another root, and only one', () => {
  expect(parseMessage('<root><a>1</a></root>', 'root')).toEqual({ a: '1' });
  expect(() => parseMessage('<root><a>1</a></root><root><b>2</b></root>', 'root')).toThrow(invalid);
  expect(() => parseMessage('<xml><a>1</a></xml>', 'root')).toThrow(invalid);
});

test('a signed message verifies after it was read, whatever its texts hold', () => {
  const nasty = ' <a>&amp;]]>\u0007 券😀 ';
  for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
    const read = parseMessage(signedMessage({ a: nasty, n: 5, none: undefined, empty: '' }, key, signType));
    expect(read).toMatchObject({ a: nasty.replace('\u0007', ''), n: '5' });
    expect(verifyParameters(read, key)).toEqual({ ok: true });
    expect(read['sign_type']).toBe(signType === 'MD5' ? undefined : signType);
  }
});

test('a signature is wrong for another key, another field, another length, and absent', () => {
  const read = parseMessage(signedMessage({ a: '1' }, key, 'MD5'));
  expect(verifyParameters(read, `${key}x`)).toEqual({ ok: false, reason: 'signature_mismatch' });
  expect(verifyParameters({ ...read, b: '2' }, key)).toEqual({ ok: false, reason: 'signature_mismatch' });
  expect(verifyParameters({ ...read, sign: `${read['sign']}0` }, key)).toEqual({
    ok: false,
    reason: 'signature_mismatch',
  });
  expect(verifyParameters({ ...read, sign: 'ﬀ'.repeat(16) }, key)).toEqual({ ok: false, reason: 'signature_mismatch' });
  expect(verifyParameters(parseMessage(plainMessage({ a: '1' })), key)).toEqual({ ok: false, reason: 'missing_sign' });
});
