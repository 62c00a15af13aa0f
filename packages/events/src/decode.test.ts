import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { CouponEventSchema } from './coupon.ts';
import { decode } from './decode.ts';

test('what was written is read again, with fields of a newer schema passed over', () => {
  const written = create(CouponEventSchema, { openid: 'o1', event: { case: 'couponClaimed', value: { code: 'ABC' } } });
  const newer = Buffer.concat([toBinary(CouponEventSchema, written), Buffer.from([0xa2, 0x06, 0x01, 0x78])]); // field 100: "x"
  const { openid, event } = decode(CouponEventSchema, newer);
  expect([openid, event.case]).toEqual(['o1', 'couponClaimed']);
});

test.each([
  ['an absent value', null],
  ['a cut value', Buffer.from([0x0a, 0x05, 0x61])],
  ['an unknown wire type', Buffer.from([0xff, 0xff])],
  ['text that is not UTF-8', Buffer.from([0x0a, 0x01, 0xff])],
])('%s can never be read', (_what, value) => {
  expect(() => decode(CouponEventSchema, value)).toThrow(
    expect.objectContaining({ code: 'invalid', message: expect.stringContaining('lingquan.coupon.v1.CouponEvent') }),
  );
});
