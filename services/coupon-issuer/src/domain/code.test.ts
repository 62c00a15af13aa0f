import { expect, test } from '@jest/globals';
import { appendCheck, digitsOf, readCode } from './check-digit.ts';
import { campaignKey, codesFor } from './code.ts';

const secret = Buffer.alloc(32, 7);
const key = campaignKey(secret, 'spring');
const serials = Array.from({ length: 20_000 }, (_, i) => i + 1);
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

test('codes are unique, 14 digits long, and valid', () => {
  const codes = codesFor(key, 1, serials);
  expect(new Set(codes).size).toBe(serials.length);
  for (const code of codes.slice(0, 500)) {
    expect(code).toMatch(/^001[0-9A-HJKMNP-TV-Z]{11}$/);
    expect(readCode(code)).toBe(code);
  }
});

test('a code depends on its serial alone, not on what is made with it', () => {
  expect(codesFor(key, 1, [5])[0]).toBe(codesFor(key, 1, serials)[4]);
  expect(codesFor(key, 1, [5])).not.toEqual(codesFor(campaignKey(secret, 'autumn'), 1, [5]));
  expect(codesFor(key, 1, [5])).not.toEqual(codesFor(campaignKey(Buffer.alloc(32, 8), 'spring'), 1, [5]));
});

test('the greatest serials have codes too', () => {
  expect(new Set(codesFor(key, 1, [2 ** 50, 2 ** 50 - 1, 1])).size).toBe(3);
});

test('neighbouring serials have nothing in common', () => {
  // Each of the 10 secret digits agrees by chance once in 32: 20 000 codes give about 6 250 agreements, give or take 80.
  const codes = codesFor(key, 1, serials);
  let agreements = 0;
  for (let i = 1; i < codes.length; i++)
    for (let place = 3; place < 13; place++) if (codes[i]![place] === codes[i - 1]![place]) agreements++;
  expect(agreements).toBeGreaterThan(5800);
  expect(agreements).toBeLessThan(6700);
});

test('every single wrong digit and every two digits swapped are noticed', () => {
  const code = codesFor(key, 40_000, [123_456])[0]!;
  expect(code).toHaveLength(15);
  for (let place = 0; place < code.length; place++) {
    for (const digit of ALPHABET) {
      if (digit !== code[place]) expect(readCode(code.slice(0, place) + digit + code.slice(place + 1))).toBeUndefined();
    }
    for (let other = place + 1; other < code.length; other++) {
      if (code[place] === code[other]) continue;
      const swapped = [...code];
      [swapped[place], swapped[other]] = [swapped[other]!, swapped[place]!];
      expect(readCode(swapped.join(''))).toBeUndefined();
    }
  }
});

test('a code is read as people type it', () => {
  const code = appendCheck('001AB0CDEFGH0');
  const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4).replaceAll('0', 'o').replaceAll('1', 'l')} `;
  expect(readCode(typed)).toBe(code);
  expect(readCode('')).toBeUndefined();
  expect(readCode('优惠券')).toBeUndefined();
  expect(readCode('0'.repeat(40))).toBeUndefined();
});

test('numbers are written in base 32 with zeros in front', () => {
  expect(digitsOf(1, 3)).toBe('001');
  expect(digitsOf(31, 3)).toBe('00Z');
  expect(digitsOf(32 ** 3, 3)).toBe('1000');
});
