import { expect, test } from '@jest/globals';
import { firstWalk, fromCursor, laterWalk, toCursor } from './walk.ts';

const after = { occurredAtMs: 1_795_219_200_123, id: '11111111-1111-8111-8111-111111111111' };

test.each([firstWalk(0), firstWalk(12), laterWalk(12, 40), { ...firstWalk(9_007_199_254_740), after }])(
  'a cursor leads back to where the reader stood: %j',
  (walk) => expect(fromCursor(toCursor(walk))).toEqual(walk),
);

test('a later walk is short however far behind the reader is', () => {
  expect(laterWalk(5, 9)).toEqual({ from: 5, until: 9 });
  expect(laterWalk(5, 1_000_000)).toEqual({ from: 5, until: 10_005 });
});

const text = (parts: string) => Buffer.from(parts).toString('base64url');

test.each([
  '',
  'x',
  '%00',
  text('1'),
  text('5;4'),
  text('-1;4'),
  text('1;1e3'),
  text('0;4;12'),
  text(`0;4;-12;${after.id}`),
  text(`0;4;99999999999999;${after.id}`),
  text('0;4;12;nobody'),
  text(`0;4;12;${after.id};more`),
  text(`0;4;12;${after.id}' or true --`),
])('what this service never gave out is no cursor: %s', (cursor) => {
  expect(() => fromCursor(cursor)).toThrow(expect.objectContaining({ code: 'invalid' }));
});
