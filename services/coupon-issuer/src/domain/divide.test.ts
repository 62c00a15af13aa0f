import { expect, test } from '@jest/globals';
import { random } from '../../test/random.ts';
import { divide } from './divide.ts';

const sum = (parts: number[]) => parts.reduce((all, part) => all + part, 0);

test('the fen that is left goes to the largest remainder, of equals to the earlier part', () => {
  expect(divide(100, [100, 100, 100])).toEqual([34, 33, 33]);
  expect(divide(10, [1, 99, 900])).toEqual([0, 1, 9]);
  expect(divide(5, [3, 3, 4])).toEqual([2, 1, 2]);
  expect(divide(500, [1999, 2, 899])).toEqual([345, 0, 155]);
});

test('nothing and everything', () => {
  expect(divide(0, [3, 0, 4])).toEqual([0, 0, 0]);
  expect(divide(0, [])).toEqual([]);
  expect(divide(7, [3, 0, 4])).toEqual([3, 0, 4]);
});

test('more than there is cannot be divided', () => {
  expect(() => divide(8, [3, 0, 4])).toThrow('divided over at least as much');
});

test('whatever the parts: whole shares that add up, none greater than its part, none a fen off its exact share', () => {
  const { whole } = random(20260601);
  for (let run = 0; run < 3000; run++) {
    const greatest = run % 3 === 0 ? 1_000_000_000_000 : 5000;
    const parts = Array.from({ length: whole(1, 30) }, () => whole(0, greatest));
    const total = whole(0, sum(parts));
    const shares = divide(total, parts);
    expect(sum(shares)).toBe(total);
    const wrong = shares.filter((share, place) => {
      const off = BigInt(share) * BigInt(sum(parts)) - BigInt(total) * BigInt(parts[place]!);
      const isFenOff = off >= BigInt(sum(parts)) || -off >= BigInt(sum(parts));
      return share < 0 || share > parts[place]! || !Number.isSafeInteger(share) || isFenOff;
    });
    expect(wrong).toEqual([]);
  }
});

/** The definition, in whole numbers of any size. */
function byDefinition(total: number, parts: number[]): number[] {
  const all = BigInt(sum(parts));
  const products = parts.map((part) => BigInt(total) * BigInt(part));
  const shares = products.map((product) => Number(product / all));
  const greatestFirst = products
    .map((product, place) => ({ rest: product % all, place }))
    .toSorted((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest < b.rest ? 1 : -1));
  for (const { place } of greatestFirst.slice(0, total - sum(shares))) shares[place]! += 1;
  return shares;
}

test('the quick way is the definition, on both sides of where doubles end', () => {
  const { whole } = random(53);
  for (let run = 0; run < 2000; run++) {
    // Products from 10^2 over 2^53, about 10^16, to 10^20.
    const greatest = 10 ** whole(1, 10);
    const parts = Array.from({ length: whole(1, 8) }, () => whole(1, greatest));
    const total = whole(1, sum(parts));
    expect(divide(total, parts)).toEqual(byDefinition(total, parts));
  }
});
