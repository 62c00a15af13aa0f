import { expect, test } from '@jest/globals';
import { claim, ledgerOf, refusal } from '../../test/planted.ts';
import type { Ledger } from './ledger.ts';

const found = (ledger: Ledger) => Object.fromEntries(ledger.results().map(({ id, found: count }) => [id, count]));

test('claims and refusals of different pushes are in order', () => {
  expect(found(ledgerOf(claim(1), refusal(2), claim(3)))).toEqual({ facts: 0, codes: 0 });
});

test('the same event published again is counted and no fault', () => {
  const ledger = ledgerOf(claim(1), { ...claim(1), offset: 9 });
  expect(found(ledger)).toEqual({ facts: 0, codes: 0 });
  expect([ledger.publishedAgain(), ledger.campaigns.get('c1')?.claims]).toEqual([1, 1]);
});

test('two facts under one id are found, with both places', () => {
  const [facts] = ledgerOf(claim(1), { ...claim(1, { openid: 'other' }), offset: 9 }).results();
  expect(facts).toMatchObject({ found: 1, evidence: [expect.stringMatching(/events\[0\]@1 .*events\[0\]@9/)] });
});

test('a push that was granted and refused is found, whichever came first', () => {
  expect(found(ledgerOf(claim(1), refusal(1)))).toMatchObject({ facts: 1 });
  expect(found(ledgerOf(refusal(1), claim(1)))).toMatchObject({ facts: 1 });
});

test('a claim whose id does not follow from its push is found', () => {
  expect(found(ledgerOf({ ...claim(1), id: claim(2).id }))).toMatchObject({ facts: 1 });
});

test('one code for two coupons is found', () => {
  expect(found(ledgerOf(claim(1, { code: 'SAME' }), claim(2, { code: 'SAME' })))).toEqual({ facts: 0, codes: 1 });
});
