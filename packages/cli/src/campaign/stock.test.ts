import { expect, test } from '@jest/globals';
import { wantedStock } from './stock.ts';

test('a change is said by sign or by flag', () => {
  expect(wantedStock('+500', {})).toEqual({ kind: 'by', difference: 500 });
  expect(wantedStock('-20', {})).toEqual({ kind: 'by', difference: -20 });
  expect(wantedStock(undefined, { add: 3 })).toEqual({ kind: 'by', difference: 3 });
  expect(wantedStock(undefined, { remove: 3 })).toEqual({ kind: 'by', difference: -3 });
  expect(wantedStock(undefined, { set: 0 })).toEqual({ kind: 'to', stock: 0 });
});

test('a number without a sign is refused: it could mean either', () => {
  expect(() => wantedStock('500', {})).toThrow('+N');
  expect(() => wantedStock('+0', {})).toThrow('+N');
});

test('a change the issuer would put among its dead letters is refused here', () => {
  expect(wantedStock('+1000000000000', {})).toEqual({ kind: 'by', difference: 1_000_000_000_000 });
  expect(() => wantedStock('+1000000000001', {})).toThrow('at most');
});

test('no change, or two of them, are refused', () => {
  expect(() => wantedStock(undefined, {})).toThrow('say one change');
  expect(() => wantedStock('+5', { add: 5 })).toThrow('say one change');
});
