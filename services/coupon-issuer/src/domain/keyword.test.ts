import { expect, test } from '@jest/globals';
import { KeywordMatch } from '@lingquan/events/coupon.ts';
import { campaign } from '../../test/builders.ts';
import { answers, matchesPattern } from './keyword.ts';

const text = (value: string) => ({ kind: 'text', value }) as const;

test('an exact keyword is the whole text, case-sensitive', () => {
  const rule = campaign({ keyword: 'Coupon' });
  expect(answers(rule, text('Coupon'))).toBe(true);
  expect(answers(rule, text('coupon'))).toBe(false);
  expect(answers(rule, text('Coupon please'))).toBe(false);
});

test('contains and pattern rules answer longer texts, but a key only when it equals the keyword', () => {
  const contains = campaign({ keyword: '优惠', match: KeywordMatch.CONTAINS });
  expect(answers(contains, text('有优惠吗'))).toBe(true);
  expect(answers(contains, { kind: 'key', value: '有优惠吗' })).toBe(false);
  expect(answers(contains, { kind: 'key', value: '优惠' })).toBe(true);
  expect(answers(campaign({ keyword: '领?券*', match: KeywordMatch.PATTERN }), text('领张券谢谢'))).toBe(true);
});

test('an empty text asks for nothing', () => {
  expect(answers(campaign({ keyword: '*', match: KeywordMatch.PATTERN }), text(''))).toBe(false);
});

test.each([
  ['*', '', true],
  ['a*b', 'ab', true],
  ['a*b', 'axxb', true],
  ['a*b', 'axxbc', false],
  ['?', '券', true],
  ['?', '😀', true],
  ['?', '', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['a**', 'a', true],
])('pattern %s on %s is %s', (pattern, value, expected) => {
  expect(matchesPattern(pattern, value)).toBe(expected);
});

test('a hostile pattern and text take no exponential time', () => {
  // A backtracking matcher would need about 2^30 steps here.
  expect(matchesPattern(`${'*a'.repeat(30)}b`, 'a'.repeat(2000))).toBe(false);
});
