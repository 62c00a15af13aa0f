import { expect, test } from '@jest/globals';
import { UnusableReason } from '@lingquan/events/coupon.ts';
import { basket, owned, rules } from '../../test/builders.ts';
import { offerOf } from './offer.ts';

const at = (beijing: string) => Date.parse(`${beijing}+08:00`);
const monday = at('2026-01-05T12:00');
const reason = (differences: Parameters<typeof rules>[0], nowMs = monday, shop = '') => {
  const offer = offerOf(owned({ rules: rules(differences) }), { ...basket({}), shop }, nowMs, 'order');
  return 'why' in offer ? offer.why : 'usable';
};

test('not before its beginning', () => {
  expect(reason({ validFromMs: monday + 1 })).toEqual({ reason: UnusableReason.NOT_VALID_YET, atMs: monday + 1 });
  expect(reason({ validFromMs: monday })).toBe('usable');
});

test('on its days of the week only', () => {
  expect(reason({ weekdays: [1] })).toBe('usable');
  expect(reason({ weekdays: [1] }, at('2026-01-05T00:00'))).toBe('usable');
  expect(reason({ weekdays: [1] }, at('2026-01-04T23:59:59.999'))).toEqual({ reason: UnusableReason.WRONG_DAY });
});

test('in its hours only, the last minute excluded; midnight is crossed by two of them', () => {
  const evening = { hours: [{ fromMinute: 1080, untilMinute: 1200 }] };
  expect(reason(evening, at('2026-01-05T18:00'))).toBe('usable');
  expect(reason(evening, at('2026-01-05T19:59:59.999'))).toBe('usable');
  expect(reason(evening, at('2026-01-05T20:00'))).toEqual({ reason: UnusableReason.WRONG_HOUR });
  const night = {
    hours: [
      { fromMinute: 0, untilMinute: 120 },
      { fromMinute: 1320, untilMinute: 1440 },
    ],
  };
  expect(reason(night, at('2026-01-05T23:59'))).toBe('usable');
  expect(reason(night, at('2026-01-06T01:59'))).toBe('usable');
  expect(reason(night, at('2026-01-06T02:00'))).toEqual({ reason: UnusableReason.WRONG_HOUR });
});

test('in its shops only', () => {
  const oneShop = { scope: { shops: ['sh-01'] } };
  expect(reason(oneShop, monday, 'sh-01')).toBe('usable');
  expect(reason(oneShop, monday, 'sh-02')).toEqual({ reason: UnusableReason.WRONG_SHOP });
  expect(reason(oneShop, monday)).toEqual({ reason: UnusableReason.WRONG_SHOP });
});
