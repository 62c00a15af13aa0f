import { expect, test } from '@jest/globals';
import { addressesOf } from '../domain/addresses.ts';
import type { Addresses } from '../domain/addresses.ts';
import { openDoor } from './door.ts';

const platform = '101.226.62.77';
const stranger = '198.51.100.1';
const nowMs = Date.parse('2026-11-21T12:00:00Z');

const door = ({
  allowed = [] as string[],
  list = undefined as Addresses | undefined,
  perMinute = undefined as number | undefined,
} = {}) => openDoor({ allowed, perMinute, callbackAddresses: { of: () => list } });
const admits = (one: ReturnType<typeof door>, address: string): boolean => {
  try {
    one.check('wx1', address);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'unauthorized' });
    return false;
  }
};

test('without any list the door is open: the signature is the real check', () => {
  expect(admits(door(), stranger)).toBe(true);
});

test("with the platform's list only its addresses pass, and loopback", () => {
  const one = door({ list: addressesOf(['101.226.62.0/24']) });
  expect([platform, '127.0.0.1', stranger].map((address) => admits(one, address))).toEqual([true, true, false]);
});

test("configured addresses pass beside the platform's, and loopback no longer does by itself", () => {
  const one = door({ allowed: ['203.0.113.0/24'], list: addressesOf([platform]) });
  const addresses = ['203.0.113.9', platform, stranger, '127.0.0.1'];
  expect(addresses.map((address) => admits(one, address))).toEqual([true, true, false, false]);
});

test('the limit per address is off on loopback unless it is set', () => {
  const byDefault = door();
  const set = door({ perMinute: 1 });
  expect([1, 2].map(() => byDefault.isOver('127.0.0.1', nowMs))).toEqual([false, false]);
  expect([1, 2].map(() => set.isOver('127.0.0.1', nowMs))).toEqual([false, true]);
  expect([1, 2].map(() => door({ perMinute: 0 }).isOver(stranger, nowMs))).toEqual([false, false]);
});
