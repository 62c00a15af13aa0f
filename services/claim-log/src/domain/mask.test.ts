import { createHash, createSecretKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { isUuid, uuidOf } from '@lingquan/events';
import { maskWith } from './mask.ts';

const mask = maskWith(createSecretKey(Buffer.alloc(32, 1)));
const other = maskWith(createSecretKey(Buffer.alloc(32, 2)));

test('a follower is the same everywhere, another one another, and nobody without the key', () => {
  expect(mask.follower('o1')).toMatch(/^follower:[0-9a-f]{16}$/);
  expect(mask.follower('o1')).toBe(mask.follower('o1'));
  expect(mask.follower('o2')).not.toBe(mask.follower('o1'));
  expect(other.follower('o1')).not.toBe(mask.follower('o1'));
  expect(mask.follower('o1')).not.toContain(createHash('sha256').update('o1').digest('hex').slice(0, 16));
});

test('an id stays one, in the form of one', () => {
  const id = uuidOf('push', 'wx1', 'event:o1:1700000000:CLICK');
  expect(isUuid(mask.id(id))).toBe(true);
  expect([mask.id(id), other.id(id)]).not.toContain(id);
  expect(mask.id(id)).toBe(mask.id(id));
});

test('a cursor goes out closed and comes back as it was; any other text is refused', () => {
  const closed = mask.close('cursor');
  expect(Buffer.from(closed, 'base64url').toString('latin1')).not.toContain('cursor');
  expect(mask.open(closed)).toBe('cursor');
  for (const wrong of ['', 'x', closed.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))])
    expect(() => mask.open(wrong)).toThrow(expect.objectContaining({ code: 'invalid' }));
  expect(() => other.open(closed)).toThrow('cursor');
});
