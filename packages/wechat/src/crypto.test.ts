import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { decodeAesKey, open, seal } from './crypto.ts';

const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const key = decodeAesKey(encodingAESKey);
const appid = 'wx0000000000000001';

/** Encrypts bytes as they are: what a sealed message would never hold. */
function encrypt(plain: Buffer, by: Buffer = key): string {
  const cipher = createCipheriv('aes-256-cbc', by, by.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
}

const padded = (plain: Buffer): Buffer => {
  const padding = 32 - (plain.length % 32);
  return Buffer.concat([plain, Buffer.alloc(padding, padding)]);
};

const lengthOf = (length: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
};

const invalid = (message: RegExp) =>
  expect.objectContaining({ code: 'invalid', message: expect.stringMatching(message) });

test('messages of every length around a block come back as they were', () => {
  for (let length = 0; length < 70; length += 1) {
    const message = '券'.repeat(length % 5) + 'x'.repeat(length);
    expect(open(key, appid, seal(key, appid, message))).toBe(message);
  }
});

test('sealing the same message twice gives two texts', () => {
  expect(seal(key, appid, 'a')).not.toBe(seal(key, appid, 'a'));
});

test('an EncodingAESKey is 43 letters and digits; its last two bits do not count', () => {
  expect(decodeAesKey(encodingAESKey)).toHaveLength(32);
  const lastCharacters = ['E', 'F', 'G', 'H'].map((last) => decodeAesKey(encodingAESKey.slice(0, 42) + last));
  for (const other of lastCharacters) expect(other).toEqual(lastCharacters[0]);
  for (const wrong of [
    '',
    encodingAESKey.slice(1),
    `${encodingAESKey}=`,
    `${encodingAESKey.slice(1)}+`,
    `${encodingAESKey}\n`,
  ]) {
    expect(() => decodeAesKey(wrong)).toThrow(invalid(/43/));
  }
});

test('random16 is 16 bytes', () => {
  expect(() => seal(key, appid, 'a', Buffer.alloc(15))).toThrow(invalid(/random16/));
});

test('base64 with blanks, of another alphabet, without padding or with loose bits is refused', () => {
  const sealed = seal(key, appid, 'x'.repeat(30)); // 70 bytes and 26 of padding: ends in no =
  const withPadding = Buffer.concat([Buffer.from(sealed, 'base64'), Buffer.alloc(16)]).toString('base64');
  expect(withPadding).toMatch(/=$/);
  const loose = `${withPadding.slice(0, -3)}${withPadding.endsWith('==') ? 'B==' : 'AB='}`;
  for (const wrong of [
    '',
    `${sealed}\n`,
    ` ${sealed}`,
    `${sealed.slice(0, 8)}-_-_${sealed.slice(12)}`,
    withPadding.replace(/=+$/, ''),
    loose,
  ]) {
    expect(() => open(key, appid, wrong)).toThrow(invalid(/base64/));
  }
});

test('a plaintext too short for its head, and lengths that reach beyond the end, are refused', () => {
  expect(() => open(key, appid, encrypt(Buffer.alloc(32, 32)))).toThrow(invalid(/length/));
  const head = randomBytes(16);
  for (const length of [19, 0x7fffffff, 0x80000000, 0xffffffff]) {
    const plain = padded(Buffer.concat([head, lengthOf(length), Buffer.from(appid)]));
    expect(() => open(key, appid, encrypt(plain))).toThrow(invalid(/length/));
  }
});

test('padding that is not the same byte throughout is refused', () => {
  const plain = padded(Buffer.concat([randomBytes(16), lengthOf(0), Buffer.from(appid)]));
  const padding = plain.at(-1) ?? 0;
  plain[plain.length - padding] = padding + 1;
  expect(() => open(key, appid, encrypt(plain))).toThrow(invalid(/padding/));
});

test('a message that is not UTF-8 is refused', () => {
  const bytes = Buffer.from([0xc3, 0x28]);
  const plain = padded(Buffer.concat([randomBytes(16), lengthOf(2), bytes, Buffer.from(appid)]));
  expect(() => open(key, appid, encrypt(plain))).toThrow(invalid(/UTF-8/));
});

test('one message cannot be opened as another account, be the appid longer, shorter or empty', () => {
  for (const other of [`${appid}0`, appid.slice(1), '', 'wx0000000000000002']) {
    expect(() => open(key, other, seal(key, appid, 'a'))).toThrow(expect.objectContaining({ code: 'unauthorized' }));
  }
});
