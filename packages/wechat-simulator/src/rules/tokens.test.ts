import { expect, test } from '@jest/globals';
import { createTokenBook } from './tokens.ts';

const second = 1000;
const minute = 60 * second;
const day = '2026-01-01';

let made = 0;
/** Tokens that look like the platform's and differ. */
const make = () => `70_${String((made += 1)).padStart(110, 'a')}`;

function tokenOf(issued: ReturnType<ReturnType<typeof createTokenBook>['stable']>) {
  if ('errcode' in issued) throw new Error(`refused: ${issued.errcode}`);
  return issued;
}

test('a second ordinary token lets the first live five more minutes, then it is not the latest', () => {
  const book = createTokenBook();
  const first = book.issue(0, make).token;
  const latest = book.issue(minute, make).token;
  expect(book.check(first, 6 * minute - 1)).toBe('ok');
  expect(book.check(first, 6 * minute)).toBe(40001);
  expect(book.check(latest, 6 * minute)).toBe('ok');
});

test('an ordinary token that nobody replaced expires after two hours', () => {
  const book = createTokenBook();
  const { token, expiresIn } = book.issue(0, make);
  expect(expiresIn).toBe(7200);
  expect(book.check(token, 120 * minute - 1)).toBe('ok');
  expect(book.check(token, 120 * minute)).toBe(42001);
});

test('a token replaced in its last minutes does not live longer than it would have', () => {
  const book = createTokenBook();
  const first = book.issue(0, make).token;
  book.issue(118 * minute, make);
  expect(book.check(first, 120 * minute)).toBe(42001);
});

test('the stable token stays the same until its last five minutes, with the time it has left', () => {
  const book = createTokenBook();
  const first = tokenOf(book.stable(0, day, false, make));
  const later = tokenOf(book.stable(100 * minute, day, false, make));
  expect(later).toEqual({ token: first.token, expiresIn: 20 * 60 });
  const renewed = tokenOf(book.stable(115 * minute, day, false, make));
  expect(renewed).not.toEqual(first);
  expect(renewed.expiresIn).toBe(7200);
  expect(book.check(first.token, 119 * minute)).toBe('ok');
});

test('a forced refresh ends the stable token at once', () => {
  const book = createTokenBook();
  const first = tokenOf(book.stable(0, day, false, make)).token;
  const forced = tokenOf(book.stable(second, day, true, make)).token;
  expect(forced).not.toBe(first);
  expect(book.check(first, second)).toBe(40001);
  expect(book.check(forced, second)).toBe('ok');
});

test('forced refreshes are 30 seconds apart and 20 a day', () => {
  const book = createTokenBook();
  for (let count = 0; count < 20; count += 1) tokenOf(book.stable(count * 30 * second, day, true, make));
  expect(book.stable(600 * second + 29 * second, day, true, make)).toEqual({ errcode: 45009 });
  tokenOf(book.stable(700 * second, '2026-01-02', true, make));
  expect(book.stable(729 * second, '2026-01-02', true, make)).toEqual({ errcode: 45011 });
});

test('the two kinds of token do not end one another', () => {
  const book = createTokenBook();
  const stable = tokenOf(book.stable(0, day, false, make)).token;
  const ordinary = book.issue(0, make).token;
  book.issue(minute, make);
  tokenOf(book.stable(2 * minute, day, true, make));
  expect(book.check(ordinary, 5 * minute)).toBe('ok');
  expect(book.check(stable, 5 * minute)).toBe(40001);
});

test('a text that never was a token is told from one of somebody else', () => {
  const book = createTokenBook();
  expect(book.check('nonsense', 0)).toBe(40014);
  expect(book.check(make(), 0)).toBe(40001);
});

test('after a revocation the next stable token is another one', () => {
  const book = createTokenBook();
  const first = tokenOf(book.stable(0, day, false, make)).token;
  book.revoke(first);
  expect(book.check(first, 0)).toBe(40001);
  expect(tokenOf(book.stable(second, day, false, make)).token).not.toBe(first);
});
