import { expect, test } from '@jest/globals';
import { createQuotaBook } from './quotas.ts';

const path = '/cgi-bin/user/get';
const noonInChina = Date.parse('2026-03-01T04:00:00Z');
const day = 86_400_000;

function bookWith(limit: { perDay: number; perMinute?: number }) {
  const book = createQuotaBook();
  book.setLimit(path, limit);
  return book;
}

test('the call beyond the daily quota is refused, and the next day in UTC+8 begins anew', () => {
  const book = bookWith({ perDay: 2 });
  expect([1, 2, 3].map(() => book.take(path, noonInChina))).toEqual(['ok', 'ok', 45009]);
  expect(book.take(path, Date.parse('2026-03-01T15:59:59Z'))).toBe(45009);
  expect(book.take(path, Date.parse('2026-03-01T16:00:00Z'))).toBe('ok');
});

test('the call beyond the minute quota is refused until the next minute and does not count for the day', () => {
  const book = bookWith({ perDay: 100, perMinute: 1 });
  expect(book.take(path, noonInChina)).toBe('ok');
  expect(book.take(path, noonInChina + 59_999)).toBe(45011);
  expect(book.take(path, noonInChina + 60_000)).toBe('ok');
  expect(book.usage(path, noonInChina + 60_000).used).toBe(2);
});

test('interfaces have counters of their own, and the documented start values', () => {
  const book = createQuotaBook();
  book.take('/cgi-bin/token', noonInChina);
  expect(book.usage('/cgi-bin/token', noonInChina)).toEqual({ limit: { perDay: 2000 }, used: 1 });
  expect(book.usage(path, noonInChina)).toEqual({ limit: { perDay: 500 }, used: 0 });
});

test('quotas are cleared ten times a month and no more', () => {
  const book = bookWith({ perDay: 1 });
  for (let time = 0; time < 10; time += 1) {
    expect(book.take(path, noonInChina)).toBe('ok');
    expect(book.clearAll(noonInChina)).toBe('ok');
  }
  expect(book.clearAll(noonInChina)).toBe(48006);
  expect(book.clearAll(noonInChina + 31 * day)).toBe('ok');
});

test('clearing does not lift the limit of the minute', () => {
  const book = bookWith({ perDay: 10, perMinute: 1 });
  book.take(path, noonInChina);
  book.clearAll(noonInChina);
  expect(book.take(path, noonInChina)).toBe(45011);
});
