import { expect, test } from '@jest/globals';
import { behind, restResult } from './caught-up.ts';

const ends = {
  a: [
    { partition: 0, low: 0, high: 5 },
    { partition: 1, low: 0, high: 0 },
  ],
};
const stand = (next: number, outbox = 0, due = 0) => ({
  positions: [{ topic: 'a', partition: 0, next }],
  outbox,
  due,
});

test('a store that has read to the end and published everything is not behind', () => {
  expect(behind('issuer', ends, ['a'], stand(5))).toEqual([]);
});

test('records not read, batches not published and things not done in time are named', () => {
  expect(behind('issuer', ends, ['a'], stand(4))).toEqual([expect.stringContaining('a[0]')]);
  expect(behind('issuer', ends, ['a'], stand(5, 2))).toEqual([expect.stringContaining('2')]);
  expect(behind('issuer', ends, ['a'], stand(5, 0, 3))).toEqual([expect.stringContaining('3')]);
});

test('what arrives during the audit is found, and so is what a store did between the last look and its freezing', () => {
  const rest = { ends, issuer: stand(5), log: stand(5), lagging: [], partitions: 2 };
  expect(restResult(rest, rest, ends).found).toBe(0);
  expect(restResult(rest, rest, { a: [{ partition: 0, low: 0, high: 6 }] })).toMatchObject({ found: 1 });
  expect(restResult(rest, { ...rest, issuer: stand(5, 1) }, ends)).toMatchObject({
    found: 1,
    evidence: [expect.stringContaining('coupon-issuer')],
  });
});
