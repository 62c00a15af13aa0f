import { expect, test } from '@jest/globals';
import { couponCodeOf } from './coupon-code.ts';

test.each(['001AB0CDEFGH02', ' 001a-b0cd efgh02 ', 'lingquan:coupon:001AB0CDEFGH02', 'LINGQUAN:coupon:001ab0cdefgh02'])(
  '"%s" is one code',
  (typed) => expect(couponCodeOf(typed)).toBe('001AB0CDEFGH02'),
);

test.each(['', '   ', 'lingquan:coupon:', 'https://example.com/1234', '优惠券', "1' or '1", 'x'.repeat(41), 'abc'])(
  '"%s" is none',
  (typed) => expect(couponCodeOf(typed)).toBeUndefined(),
);
