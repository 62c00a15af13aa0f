import { expect, test } from '@jest/globals';
import { createTagBook } from './tags.ts';

function created(book: ReturnType<typeof createTagBook>, name: string): number {
  const tag = book.create(name);
  if ('errcode' in tag) throw new Error(`refused: ${tag.errcode}`);
  return tag.id;
}

test('names are up to 30 bytes, not taken and not empty', () => {
  const book = createTagBook();
  created(book, '一二三四五六七八九十');
  expect(book.create('一二三四五六七八九十a')).toEqual({ errcode: 45158 });
  expect(book.create('一二三四五六七八九十')).toEqual({ errcode: 45157 });
  expect(book.create(' ')).toEqual({ errcode: 45157 });
});

test('there are at most 100 tags beside the platform’s own', () => {
  const book = createTagBook();
  for (let number = 0; number < 100; number += 1) created(book, `tag ${number}`);
  expect(book.create('one more')).toEqual({ errcode: 45056 });
});

test('the platform’s own tags cannot be changed, unknown ones are named as such', () => {
  const book = createTagBook();
  expect(book.rename(2, 'mine')).toBe(45058);
  expect(book.remove(0)).toBe(45058);
  expect(book.remove(999)).toBe(45159);
});

test('a tag may keep its own name and take a free one', () => {
  const book = createTagBook();
  const id = created(book, 'vip');
  created(book, 'new');
  expect(book.rename(id, 'vip')).toBe('ok');
  expect(book.rename(id, 'new')).toBe(45157);
  expect(book.remove(id)).toBe('ok');
  expect(book.has(id)).toBe(false);
});
