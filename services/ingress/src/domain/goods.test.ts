import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readGoods } from './goods.ts';

const folder = mkdtempSync(join(tmpdir(), 'goods-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: unknown) {
  const path = join(folder, 'goods.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readGoods(path);
}

const latte = { sku: 'latte', name: '拿铁', category: 'coffee', priceFen: 2800 };

test('goods are found by their sku', () => {
  const goods = read([latte, { sku: 'cup', name: 'Cup', priceFen: 9900 }]);
  expect(goods.find('latte')).toEqual(latte);
  expect(goods.find('cup')).toEqual({ sku: 'cup', name: 'Cup', category: '', priceFen: 9900 });
  expect(goods.items).toHaveLength(2);
});

test.each(['__proto__', 'constructor', 'toString', ''])('"%s" is not on sale', (sku) => {
  expect(read([latte]).find(sku)).toBeUndefined();
});

test.each([
  ['not JSON', '[{"sku"'],
  ['no list', { latte }],
  ['a price in yuan', [{ ...latte, priceFen: 28.5 }]],
  ['a negative price', [{ ...latte, priceFen: -1 }]],
  ['a price as text', [{ ...latte, priceFen: '2800' }]],
  ['a field nobody knows', [{ ...latte, price: 28 }]],
  ['a sku with blanks', [{ ...latte, sku: 'a b' }]],
  ['a sku twice', [latte, latte]],
])('%s stops the start', (_, content) => {
  expect(() => read(content)).toThrow(expect.objectContaining({ code: 'invalid' }));
});

test('a list that is not there stops the start, naming the setting', () => {
  expect(() => readGoods(join(folder, 'nowhere.json'))).toThrow('GOODS_FILE');
});
