import { expect, test } from '@jest/globals';
import { AppError } from '@lingquan/errors';
import { parseXml, writeXml } from './xml.ts';

const invalid = expect.objectContaining({ code: 'invalid' });
const wrap = (inner: string): string => `<xml>${inner}</xml>`;

const hostile: Record<string, string> = {
  'a DOCTYPE': `<!DOCTYPE xml>${wrap('<A>1</A>')}`,
  'an external entity': `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${wrap('<A>&e;</A>')}`,
  'a parameter entity': `<!DOCTYPE x [<!ENTITY % p SYSTEM "http://a.example/x.dtd">%p;]>${wrap('<A>1</A>')}`,
  'a billion laughs': `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>${wrap('<A>&b;</A>')}`,
  'a DOCTYPE inside': wrap('<!DOCTYPE x><A>1</A>'),
  'a DOCTYPE taken apart by control characters': `<!DOC\u0002TYPE x>${wrap('<A>1</A>')}`,
  'an entity declaration inside': wrap('<A><!ENTITY a "b"></A>'),
  'an undeclared entity': wrap('<A>&nbsp;</A>'),
  'a bare ampersand': wrap('<A>a & b; c</A>'),
  'an endless entity': wrap(`<A>&${'a'.repeat(1000)}</A>`),
  'a character reference beyond Unicode': wrap('<A>&#x110000;</A>'),
  'a comment': wrap('<!-- a --><A>1</A>'),
  'a processing instruction': wrap('<?php 1 ?><A>1</A>'),
  'a stylesheet': `<?xml-stylesheet href="a"?>${wrap('<A>1</A>')}`,
  'a declaration that hides markup': `<?xml a="?><xml><A>2</A></xml><?b"?>${wrap('<A>1</A>')}`,
  'a root of another name': '<html><A>1</A></html>',
  'a root in capitals': '<XML><A>1</A></XML>',
  'two roots': wrap('<A>1</A>') + wrap('<A>2</A>'),
  'text before the root': `x${wrap('<A>1</A>')}`,
  'text after the root': `${wrap('<A>1</A>')}x`,
  'CDATA after the root': `${wrap('<A>1</A>')}<![CDATA[x]]>`,
  'no fields but text': wrap('text'),
  'text beside fields': wrap('x<A>1</A>'),
  'text after a field': wrap('<A>1</A>x'),
  'CDATA beside fields': wrap('<A>1</A><![CDATA[ ]]>'),
  'an open root': '<xml><A>1</A>',
  'an open field': wrap('<A>1'),
  'crossed tags': wrap('<A><B>1</A></B>'),
  'a closing tag alone': '</xml>',
  'a closing tag too many': `${wrap('<A>1</A>')}</xml>`,
  'closing tags with attributes': wrap('<A>1</A b="c">'),
  'an open tag at the end': wrap('<A>1</A><B'),
  'an open CDATA section': wrap('<A><![CDATA[1</A>'),
  'a broken CDATA section': wrap('<A><![CDAT[1]]></A>'),
  'an attribute without quotes': wrap('<A b=c>1</A>'),
  'an attribute without value': wrap('<A b>1</A>'),
  'attributes without a blank between them': wrap('<A b="1"c="2">1</A>'),
  'an attribute that does not end': wrap('<A b="1>1</A>'),
  'a tag in an attribute': wrap('<A b="<B>">1</A>'),
  'an attribute __proto__': wrap('<A __proto__="1">1</A>').replace('="1"', '=1'),
  'a field __proto__': wrap('<__proto__><admin>1</admin></__proto__>'),
  'a field constructor': wrap('<constructor><prototype>1</prototype></constructor>'),
  'a field toString': wrap('<toString>1</toString>'),
  'a name that starts with a digit': wrap('<1A>1</1A>'),
  'a name with another alphabet': wrap('<Ａ>1</Ａ>'),
  'a no-break space in a name': wrap('<A\u00A0b>1</A\u00A0b>'),
  'an empty name': wrap('<>1</>'),
  'a name without end': `<${'a'.repeat(200_000)}`,
  'a sender given twice': wrap('<FromUserName>a</FromUserName><FromUserName>b</FromUserName>'),
  'a sender given twice, once empty': wrap('<FromUserName/><FromUserName>b</FromUserName>'),
  'a value given twice in a group': wrap('<S><Count>1</Count><Key>k</Key><Count>2</Count></S>'),
  '33 levels': wrap('<A>'.repeat(32) + '</A>'.repeat(32)),
  '100 000 open tags': '<a>'.repeat(100_000),
  'more than 2000 fields': wrap(Array.from({ length: 2000 }, (_, index) => `<a${index}>1</a${index}>`).join('')),
  'more than 2000 entries': wrap(`<L>${'<item>1</item>'.repeat(2000)}</L>`),
  'no XML': '{"ToUserName":"a"}',
  nothing: '',
  blanks: ' \n ',
};

test.each(Object.entries(hostile))('refuses %s', (_name, xml) => {
  expect(() => parseXml(xml)).toThrow(invalid);
});

test.each(Object.entries(hostile))('says nothing of the input when refusing %s', (_name, xml) => {
  const message = messageOf(() => parseXml(xml));
  for (const piece of ['passwd', 'example', 'proto__', 'nbsp', '<', 'aaaa']) expect(message).not.toContain(piece);
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError && error.cause === undefined) return error.message;
    throw error;
  }
  throw new Error('not refused');
}

const accepted: Record<string, [xml: string, fields: unknown]> = {
  'an empty message': ['<xml></xml>', {}],
  'an empty message in one tag': ['<xml/>', {}],
  'a message of blanks': ['<xml> \n </xml>', {}],
  'a declaration and a byte order mark': [
    `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n${wrap('<A>1</A>')}\n`,
    { A: '1' },
  ],
  'empty fields': [wrap('<A/><B></B><C><![CDATA[]]></C><D />'), { A: '', B: '', C: '', D: '' }],
  'attributes, by reading over them': ['<xml a="1" b=\'>\'><A c="d" >1</A></xml>', { A: '1' }],
  'values as they stand': [
    wrap('<A> 007 </A><B>1e5</B><C>true</C><D>\n</D>'),
    { A: ' 007 ', B: '1e5', C: 'true', D: '\n' },
  ],
  'text and CDATA mixed': [wrap('<A>a&lt;<![CDATA[&lt;]]>b<![CDATA[c]]></A>'), { A: 'a<&lt;bc' }],
  'character references': [wrap('<A>&#20248;&#x60e0;&#x1F600;&quot;&apos;&amp;lt;</A>'), { A: '优惠😀"\'&lt;' }],
  'an entity written in CDATA': [
    wrap('<A><![CDATA[&unknown; & <!DOCTYPE x> <!ENTITY]]></A>'),
    { A: '&unknown; & <!DOCTYPE x> <!ENTITY' },
  ],
  'markup in CDATA': [wrap('<A><![CDATA[<xml><B>1</B></xml>]]></A>'), { A: '<xml><B>1</B></xml>' }],
  ']]> split over two sections': [wrap('<A><![CDATA[a]]]]><![CDATA[>b]]></A>'), { A: 'a]]>b' }],
  ']]> that WeChat did not split': [wrap('<A><![CDATA[a]]>b]]></A>'), { A: 'ab]]>' }],
  'control characters, by taking them out': [wrap('<A><![CDATA[a\u0002\u001D\u0000b\tc]]></A>'), { A: 'ab\tc' }],
  'line ends as XML reads them': [wrap('<A>a\r\nb\rc</A>'), { A: 'a\nb\nc' }],
  'a list of values': [wrap('<L><i>1</i><i>2</i></L>'), { L: { i: ['1', '2'] } }],
  'groups that repeat': [wrap('<D><a>1</a></D><D><a>2</a></D><B>1</B>'), { D: [{ a: '1' }, { a: '2' }], B: '1' }],
  'failed articles beside others': [
    wrap('<P><publish_id>1</publish_id><fail_idx>1</fail_idx><fail_idx>2</fail_idx></P>'),
    { P: { publish_id: '1', fail_idx: ['1', '2'] } },
  ],
  'an empty list': [
    wrap('<SendPicsInfo><Count>0</Count><PicList></PicList></SendPicsInfo>'),
    { SendPicsInfo: { Count: '0', PicList: '' } },
  ],
  'a list of one value': [wrap('<PicList><item>1</item></PicList>'), { PicList: { item: ['1'] } }],
  '32 levels': [wrap('<A>'.repeat(31) + '</A>'.repeat(31)), nested(31)],
};

function nested(levels: number): unknown {
  return levels === 0 ? '' : { A: nested(levels - 1) };
}

test.each(Object.entries(accepted))('reads %s', (_name, [xml, fields]) => {
  expect(parseXml(xml)).toStrictEqual(fields);
});

test('what was written is read back: text of any kind, groups, lists', () => {
  const fields = {
    Text: ']]>]]>]] ]]&gt; <a href="x">&amp;</a> \u2028 券 😀 ]',
    Group: { Empty: '', Deep: { Deeper: '1' } },
    PicList: { item: [{ PicMd5Sum: 'a' }] },
  };
  expect(parseXml(writeXml(fields))).toStrictEqual(fields);
});

test('writing leaves out what XML cannot hold, and members that are undefined', () => {
  const xml = writeXml({ A: 'a\u0000\u0008\u001F\uFFFEb\uD83D', B: undefined, C: 'tab\tline\nend' });
  expect(xml.isWellFormed()).toBe(true);
  expect(parseXml(xml)).toStrictEqual({ A: 'ab', C: 'tab\tline\nend' });
});

test('numbers are written bare, 64-bit ones with all their digits', () => {
  expect(writeXml({ N: 7, I: 7400000000000000901n })).toBe('<xml><N>7</N><I>7400000000000000901</I></xml>');
});
