import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseFlatXml } from './flat-xml.ts';
import { parseTree } from './xml.ts';

const vectors = JSON.parse(readFileSync(new URL('../test-vectors/wechat-vectors.json', import.meta.url), 'utf8')) as {
  xml_samples: { id: string; xml: string }[];
};

const judged = (xml: string): unknown => {
  try {
    return parseTree(xml);
  } catch {
    return 'refused';
  }
};

test('wherever the short way answers, the full parser says the same; most samples go the short way', () => {
  const short = vectors.xml_samples.filter(({ xml }) => parseFlatXml(xml) !== undefined);
  for (const { xml } of short) expect(parseFlatXml(xml)).toEqual(parseTree(xml));
  expect(short.length).toBeGreaterThan(vectors.xml_samples.length / 2);
});

test('every single character of a message changed, dropped or doubled: never another answer than the full parser gives', () => {
  const xml = '<xml>\n <A><![CDATA[优惠 券]]></A><B>12</B><C></C> \n<D><![CDATA[x]]></D></xml>';
  const signs = ['<', '>', '/', '!', '[', ']', '&', '\r', '\n', ' ', 'A', 'B', '1', '"', '='];
  let answered = 0;
  for (let place = 0; place < xml.length; place++) {
    const [before, after] = [xml.slice(0, place), xml.slice(place + 1)];
    for (const changed of [
      before + after,
      before + xml[place]! + xml[place]! + after,
      ...signs.map((sign) => before + sign + after),
    ]) {
      const fields = parseFlatXml(changed);
      if (fields === undefined) continue;
      answered++;
      expect([changed, fields]).toEqual([changed, judged(changed)]);
    }
  }
  expect(answered).toBeGreaterThan(150);
});

test.each([
  '<xml><A>1</A><A>2</A></xml>',
  '<xml><__proto__>1</__proto__></xml>',
  '<xml><A>&lt;</A></xml>',
  '<xml><A><B>1</B></A></xml>',
  '<!DOCTYPE xml><xml><A>1</A></xml>',
  '<xml><A>1</A></xml><xml></xml>',
  '<xml></xml>',
  `<xml>${Array.from({ length: 101 }, (_, i) => `<A${i}>1</A${i}>`).join('')}</xml>`,
])('leaves to the full parser what is not plainly flat: %s', (xml) => {
  expect(parseFlatXml(xml)).toBeUndefined();
});
