import { expect, test } from '@jest/globals';
import { parseStreamQuery } from './stream-query.ts';

const parse = (query: string, header = '') => parseStreamQuery(new URLSearchParams(query), header);

test('nothing asked for is everything from now on', () => {
  expect(parse('')).toEqual({ filter: {}, start: 'now' });
});

test('every parameter reaches the filter', () => {
  expect(parse('openid=o1&campaign=c1&code=K&order=N1&type=coupon.claimed,coupon.redeemed&from=beginning')).toEqual({
    filter: { openid: 'o1', campaign: 'c1', code: 'K', order: 'N1', types: ['coupon.claimed', 'coupon.redeemed'] },
    start: 'beginning',
  });
});

test('the last id comes before where it began, the one of the browser before that of the address', () => {
  expect(parse('from=beginning&lastEventId=7').start).toEqual({ after: 7 });
  expect(parse('from=beginning&lastEventId=7', '9').start).toEqual({ after: 9 });
});

test('an instant', () => {
  expect(parse('from=2026-11-21T08:00:00Z').start).toEqual({ atMs: Date.UTC(2026, 10, 21, 8) });
});

test.each(['from=soon', 'lastEventId=-1', 'type=,', 'limit=3', 'from=now&from=now'])('%s is refused', (query) => {
  expect(() => parse(query)).toThrow(expect.objectContaining({ code: 'invalid' }));
});

test('what begins it is said when it is something else', () => {
  expect(() => parse('from=yesterday')).toThrow(/^from: must be beginning, now or an ISO 8601 instant/);
});
