import { expect, test } from '@jest/globals';
import { sameText, signatureMatches, signatureOf } from './signature.ts';

test('the order the parts are given in does not matter', () => {
  expect(signatureOf(['token', '1767225600', '97'])).toBe(signatureOf(['97', 'token', '1767225600']));
});

test('a signature of another length, case or with anything around it does not match', () => {
  const parts = ['a', 'b', 'c'];
  const right = signatureOf(parts);
  expect(signatureMatches(right, parts)).toBe(true);
  for (const wrong of [
    '',
    right.slice(1),
    `${right}0`,
    right.toUpperCase(),
    ` ${right.slice(1)}`,
    `é${right.slice(2)}`,
  ]) {
    expect(signatureMatches(wrong, parts)).toBe(false);
  }
});

test('texts are compared by their bytes', () => {
  expect(sameText('', '')).toBe(true);
  expect(sameText('é', 'e')).toBe(false);
  expect(sameText('券', '券')).toBe(true);
});
