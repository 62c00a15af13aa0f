import { expect, test } from '@jest/globals';
import { describe as description, merged, priced } from './basket.ts';
import { goodsOf } from './goods.ts';

const goods = goodsOf([
  { sku: 'latte', name: '拿铁', category: 'coffee', priceFen: 2800 },
  { sku: 'cup', name: 'Cup', category: '', priceFen: 9900 },
]);

test('the same thing on several lines is one line', () => {
  const lines = [
    { sku: 'latte', quantity: 1 },
    { sku: 'cup', quantity: 2 },
    { sku: 'latte', quantity: 3 },
  ];
  expect(merged(lines)).toEqual([
    { sku: 'latte', quantity: 4 },
    { sku: 'cup', quantity: 2 },
  ]);
});

test('prices, names and categories are the list’s', () => {
  expect(priced([{ sku: 'latte', quantity: 2 }], goods)).toEqual([
    { sku: 'latte', name: '拿铁', category: 'coffee', unitPriceFen: 2800, quantity: 2 },
  ]);
});

test('what is not on sale, or too much of it, cannot be ordered', () => {
  expect(priced([{ sku: '__proto__', quantity: 1 }], goods)).toBe('unknown_goods');
  expect(priced([{ sku: 'cup', quantity: 999 }], goods)).toHaveLength(1);
  expect(priced(merged([...Array(2)].map(() => ({ sku: 'cup', quantity: 500 }))), goods)).toBe('too_many');
});

test.each([
  [[{ name: '拿铁', quantity: 1 }], '拿铁'],
  [[{ name: '拿铁', quantity: 2 }], '拿铁 等2件'],
  [
    [
      { name: 'Cup', quantity: 1 },
      { name: '拿铁', quantity: 3 },
    ],
    'Cup 等4件',
  ],
  [[{ name: '☕️🎂蛋糕', quantity: 1 }], '☕️蛋糕'],
  [[{ name: '🎂', quantity: 1 }], '商品'],
])('%j is described as %s', (lines, text) => {
  expect(description(lines)).toBe(text);
});

test('a long description is cut between characters, to the bytes WeChat Pay takes', () => {
  const text = description([{ name: '很'.repeat(64), quantity: 999 }]);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(127);
  expect(text).toMatch(/^很{30,}… 等999件$/);
});
