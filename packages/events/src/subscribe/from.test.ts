import { expect, test } from '@jest/globals';
import { readFrom, startOf } from './from.ts';
import type { From } from './from.ts';

const subscribed = ['coupon.events'];
const partition = { partition: 1, low: 10, high: 50, atInstant: 30 };

test.each<[string, From, number]>([
  ['the beginning', 'beginning', 10],
  ['now', 'now', 50],
  ['a Date', new Date(0), 30],
  ['an instant in Beijing', '2026-11-21T08:00:00+08:00', 30],
  ['an instant in UTC', '2026-11-21T00:00:00Z', 30],
  ['an offset', { offsets: { 'coupon.events': { 1: 42 } } }, 42],
  ['the end as an offset', { offsets: { 'coupon.events': { 1: 50 } } }, 50],
  ['a partition nobody named', { offsets: { 'coupon.events': { 0: 42 } } }, 10],
])('from %s', (_what, from, offset) => {
  expect(startOf(readFrom(from, 'p.', subscribed), 'p.coupon.events', partition)).toBe(offset);
});

test('an instant after everything is the end', () => {
  expect(startOf(readFrom(new Date(), '', subscribed), 't', { partition: 0, low: 0, high: 7 })).toBe(7);
});

test.each([9, 51])('offset %i is not there', (offset) => {
  const start = readFrom({ offsets: { 'coupon.events': { 1: offset } } }, '', subscribed);
  expect(() => startOf(start, 'coupon.events', partition)).toThrow(/holds offsets 10 to 50/);
});

test.each<[string, unknown]>([
  ['a time without a zone', '2026-11-21T08:00:00'],
  ['a day', '2026-11-21'],
  ['no time', 'yesterday'],
  ['an invalid Date', new Date(Number.NaN)],
  ['a negative offset', { offsets: { 'coupon.events': { 0: -1 } } }],
  ['half an offset', { offsets: { 'coupon.events': { 0: 1.5 } } }],
  ['a topic that is not subscribed', { offsets: { 'payment.events': { 0: 1 } } }],
  ['nothing', {}],
  ['null', null],
])('%s says no place', (_what, from) => {
  expect(() => readFrom(from as From, '', subscribed)).toThrow(expect.objectContaining({ code: 'invalid' }));
});
