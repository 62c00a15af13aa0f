import { expect, test } from '@jest/globals';
import { isOrderNumber, orderNumber, refundNumber } from './numbers.ts';

const owner = { appid: 'wx1', openid: 'o-1' };

test('the same person and key are always the same number: it is on record', () => {
  expect(orderNumber(owner, 'key-00000001')).toBe(orderNumber({ ...owner }, 'key-00000001'));
  expect(orderNumber(owner, 'key-00000001')).toMatch(/^L[0-9A-HJKMNP-TV-Z]{31}$/);
  expect(isOrderNumber(orderNumber(owner, 'key-00000001'))).toBe(true);
});

test('another person, account or key is another number, however they are divided', () => {
  const numbers = [
    orderNumber(owner, 'k'),
    orderNumber(owner, 'l'),
    orderNumber({ ...owner, openid: 'o-2' }, 'k'),
    orderNumber({ ...owner, appid: 'wx2' }, 'k'),
    orderNumber({ appid: 'wx1o', openid: '-1' }, 'k'),
    refundNumber(owner.appid, 'k'),
    refundNumber(owner.appid, 'l'),
  ];
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('numbers differ in all their digits', () => {
  const digits = new Set(Array.from({ length: 200 }, (_, n) => orderNumber(owner, `key-${n}`)[1]));
  expect(digits.size).toBeGreaterThan(25);
});

test.each(['', 'short', 'x'.repeat(33), 'a/b/c/d', '../../x', 'n%2F12345', '订单号123456'])(
  '"%s" is no number',
  (text) => expect(isOrderNumber(text)).toBe(false),
);
