import { expect, test } from '@jest/globals';
import { firstWalk, toCursor } from '../domain/walk.ts';
import { parseEventQuery } from './query.ts';

const parse = (query: string) => parseEventQuery(new URLSearchParams(query));

test('nothing asked for is everything, a hundred at a time', () => {
  expect(parse('')).toEqual({ filter: {}, cursor: undefined, limit: 100 });
});

test('an empty value asks for nothing', () => {
  expect(parse('openid=&campaign=&code=&order=&type=&from=&to=&cursor=&limit=')).toEqual(parse(''));
});

test('every parameter reaches the filter', () => {
  const cursor = toCursor(firstWalk(7));
  const query = `openid=o1&campaign=c1&code=K&order=N1&type=coupon.claimed&from=2026-11-21T08:00:00Z&to=2026-11-21T09:00:00Z&cursor=${cursor}&limit=500`;
  expect(parse(query)).toEqual({
    filter: {
      openid: 'o1',
      campaign: 'c1',
      code: 'K',
      order: 'N1',
      type: 'coupon.claimed',
      fromMs: Date.UTC(2026, 10, 21, 8),
      toMs: Date.UTC(2026, 10, 21, 9),
    },
    cursor: firstWalk(7),
    limit: 500,
  });
});

test.each([
  ['2026-11-21T08:00:00Z', Date.UTC(2026, 10, 21, 8)],
  ['2026-11-21T08:00:00.123Z', Date.UTC(2026, 10, 21, 8, 0, 0, 123)],
  ['2026-11-21T16:00:00%2B08:00', Date.UTC(2026, 10, 21, 8)],
  ['2026-11-21T16:00:00+08:00', Date.UTC(2026, 10, 21, 8)],
  ['2026-11-21T08:00:00.123000Z', Date.UTC(2026, 10, 21, 8, 0, 0, 123)],
  ['2026-11-21T08:00:00.123001Z', Date.UTC(2026, 10, 21, 8, 0, 0, 124)],
])('%s is an instant', (written, ms) => {
  expect(parse(`from=${written}`).filter.fromMs).toBe(ms);
});

test.each([
  ['from=2026-11-21', 'from'],
  ['from=2026-11-21T08:00:00', 'from'],
  ['to=2026-02-30T00:00:00Z', 'to'],
  ['to=1795219200', 'to'],
  ['to=yesterday', 'to'],
  ['from=2026-11-21T08:00:00Z&to=2026-11-21T07:00:00Z', 'from'],
  ['limit=0', 'limit'],
  ['limit=501', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=1e2', 'limit'],
  ['limit=ten', 'limit'],
  ['cursor=nonsense', 'cursor'],
  ['openid=%00', 'openid'],
  [`code=${'x'.repeat(300)}`, 'code'],
  ['openid=a&openid=b', 'openid'],
  ['campaignId=c1', 'campaignId'],
  ['__proto__=1', '__proto__'],
])('%s is refused, naming what is wrong', (query, name) => {
  expect(() => parse(query)).toThrow(
    expect.objectContaining({ code: 'invalid', message: expect.stringContaining(name) }),
  );
});
