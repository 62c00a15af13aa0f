import { createSecretKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { seal, unseal } from './seal.ts';

const key = createSecretKey(Buffer.alloc(32, 1));
const next = createSecretKey(Buffer.alloc(32, 2));
const text = Buffer.from('whsec');

test('what was sealed is opened again, also under the key before', () => {
  const sealed = seal(key, 'a', text);
  expect(unseal([key], 'a', sealed)).toEqual(text);
  expect(unseal([next, key], 'a', sealed)).toEqual(text);
  expect(seal(key, 'a', text)).not.toEqual(sealed);
});

test.each([
  ['another key', (sealed: Buffer) => unseal([next], 'a', sealed)],
  ['another purpose', (sealed: Buffer) => unseal([key], 'b', sealed)],
  ['a changed byte', (sealed: Buffer) => unseal([key], 'a', sealed.fill(0, sealed.length - 1))],
  ['a cut end', (sealed: Buffer) => unseal([key], 'a', sealed.subarray(0, 10))],
])('%s opens nothing', (_what, open) => {
  expect(() => open(seal(key, 'a', text))).toThrow('cannot be opened');
});
