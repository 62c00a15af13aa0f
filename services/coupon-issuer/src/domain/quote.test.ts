import { expect, test } from '@jest/globals';
import { UnusableReason } from '@lingquan/events/coupon.ts';
import { basket, closesAtMs, opensAtMs, owned, worth } from '../../test/builders.ts';
import { bestFirst, quote } from './quote.ts';

const hold = { outTradeNo: 'A', untilMs: opensAtMs + 5, discount: { totalFen: 500, lineFen: [500] } };

test('what takes most off comes first, of equals what ends first, then what cannot be used, least missing first', () => {
  const coupons = [
    owned({ code: 'FAR', worth: worth({ thresholdFen: 9000 }) }),
    owned({ code: 'HELD', life: { state: 'locked', hold } }),
    owned({ code: 'LATER', expiresAtMs: closesAtMs + 1 }),
    owned({ code: 'NEAR', worth: worth({ thresholdFen: 1001 }) }),
    owned({ code: 'SOON' }),
    owned({ code: 'NEVER', expiresAtMs: undefined }),
    owned({ code: 'BEST', worth: worth({ valueFen: 900 }) }),
  ];
  const quotes = bestFirst(coupons.map((coupon) => quote(coupon, basket({}), opensAtMs)));
  expect(quotes.map(({ coupon }) => coupon.code)).toEqual(['BEST', 'SOON', 'LATER', 'NEVER', 'NEAR', 'FAR', 'HELD']);
  expect(quotes.at(-1)!.offer).toEqual({ why: { reason: UnusableReason.LOCKED } });
});

test('a coupon is quoted as it stands at that instant, whether or not its timer has fired', () => {
  const free = quote(owned({ life: { state: 'locked', hold } }), basket({}), opensAtMs + 5);
  expect(free.offer).toEqual({ discount: { totalFen: 500, lineFen: [500] } });
  expect(quote(owned(), basket({}), closesAtMs).offer).toEqual({
    why: { reason: UnusableReason.EXPIRED, atMs: closesAtMs },
  });
});
