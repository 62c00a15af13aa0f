import { expect, test } from '@jest/globals';
import { bearerOf, sameSecret } from './secret.ts';

test('secrets are the same or not, also of other lengths', () => {
  expect(sameSecret('till-token', 'till-token')).toBe(true);
  expect(sameSecret('till-token', 'till-tokem')).toBe(false);
  expect(sameSecret('', 'till-token')).toBe(false);
  expect(sameSecret('till-token-and-more', 'till-token')).toBe(false);
});

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc', 'abc'],
  ['Basic abc', undefined],
  ['Bearer', undefined],
  ['Bearer a b', undefined],
  ['', undefined],
  [undefined, undefined],
])('the token of %j is %s', (header, token) => expect(bearerOf(header)).toBe(token));
