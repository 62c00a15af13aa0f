import { expect, test } from '@jest/globals';
import { addressesOf, isLoopback, isRange } from './addresses.ts';

test('an address belongs to its range and to no other', () => {
  const known = addressesOf(['101.226.62.0/24', '203.0.113.7', '2001:db8::/32']);
  expect(['101.226.62.77', '203.0.113.7', '2001:db8::1'].map(known)).toEqual([true, true, true]);
  expect(['101.226.63.77', '203.0.113.8', '2001:db9::1'].map(known)).toEqual([false, false, false]);
});

test('IPv4 written as IPv6 is the same address', () => {
  expect(addressesOf(['203.0.113.0/24'])('::ffff:203.0.113.9')).toBe(true);
  expect(isLoopback('::ffff:127.0.0.1')).toBe(true);
});

test('what is no address belongs to no set', () => {
  expect(['', 'unknown', '1.2.3.4.5', "'; drop"].map(addressesOf(['0.0.0.0/0', '::/0']))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('the verdict stays the same when it is asked for again', () => {
  const known = addressesOf(['203.0.113.0/24']);
  expect([known('203.0.113.9'), known('203.0.113.9'), known('198.51.100.1'), known('198.51.100.1')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('ranges are told from nonsense', () => {
  expect(['10.0.0.0/8', '10.0.0.1', '::1', 'fe80::/10'].every(isRange)).toBe(true);
  expect(['10.0.0.0/33', 'localhost', '10.0.0.0/', ''].some(isRange)).toBe(false);
  expect(() => addressesOf(['nonsense'])).toThrow(expect.objectContaining({ code: 'invalid' }));
});
