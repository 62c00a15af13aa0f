import { expect, test } from '@jest/globals';
import { table, yuan } from './table.ts';

test('columns stand under one another also where a character is two cells wide', () => {
  expect(
    table(
      ['名称', 'n'],
      [
        ['券', 5],
        ['abcdef', 1234],
      ],
    ),
  ).toBe(['名称    n', '券         5', 'abcdef  1234'].join('\n'));
});

test('fen are shown as yuan', () => {
  expect([yuan(500), yuan(5), yuan(123_456)]).toEqual(['¥5.00', '¥0.05', '¥1234.56']);
});
