import { expect, test } from '@jest/globals';
import { readCustomerMessage } from './customer-message.ts';

const read = (body: Record<string, unknown>, kind: 'official-account' | 'mini-program' = 'official-account') =>
  readCustomerMessage(body, kind, (mediaId) => mediaId === 'known');
const text = (content: unknown) => ({ msgtype: 'text', text: { content } });

test('a text of 2047 bytes is taken, one byte more is not', () => {
  const longest = `${'券'.repeat(682)}a`;
  expect(read(text(longest))).toEqual({ type: 'text', content: longest });
  expect(read(text(`${longest}a`))).toEqual({ errcode: 45002 });
});

test.each([
  ['an empty text', text(''), 44004],
  ['no text', { msgtype: 'text' }, 44004],
  ['no type', {}, 40008],
  ['an unknown type', { msgtype: 'poem', poem: {} }, 40008],
  ['a file nobody uploaded', { msgtype: 'image', image: { media_id: 'm' } }, 40007],
  ['two articles', { msgtype: 'news', news: { articles: [{}, {}] } }, 45008],
  ['a link from an Official Account', { msgtype: 'link', link: { title: 't', url: 'u' } }, 40008],
])('%s is refused', (_what, body, errcode) => {
  expect(read(body)).toEqual({ errcode });
});

test('a file that was uploaded may be sent', () => {
  expect(read({ msgtype: 'image', image: { media_id: 'known' } })).toEqual({
    type: 'image',
    content: { media_id: 'known' },
  });
});

test('a mini program sends texts, pictures, links and cards, and nothing else', () => {
  expect(read({ msgtype: 'link', link: { title: 't', url: 'u' } }, 'mini-program')).toMatchObject({ type: 'link' });
  expect(read({ msgtype: 'news', news: { articles: [{}] } }, 'mini-program')).toEqual({ errcode: 40008 });
});
