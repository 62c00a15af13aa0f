import { expect, test } from '@jest/globals';
import { CampaignStatus, RefusalReason } from '@lingquan/events/coupon.ts';
import { campaign, closesAtMs, opensAtMs } from '../../test/builders.ts';
import { decideClaim } from './claim.ts';

const refused = (refusal: number) => ({ kind: 'refused', refusal });

test('grants while coupons are left and the follower has room', () => {
  expect(decideClaim(campaign({ stock: 10 }), 9, 0, opensAtMs)).toEqual({ kind: 'granted' });
  expect(decideClaim(campaign({ limitPerUser: 2 }), 5, 1, opensAtMs)).toEqual({ kind: 'granted' });
});

test('refuses when the last coupon is gone', () => {
  expect(decideClaim(campaign({ stock: 10 }), 10, 0, opensAtMs)).toEqual(refused(RefusalReason.SOLD_OUT));
  expect(decideClaim(campaign({ stock: 0 }), 0, 0, opensAtMs)).toEqual(refused(RefusalReason.SOLD_OUT));
});

test('the window includes its first instant and excludes its last', () => {
  expect(decideClaim(campaign(), 0, 0, opensAtMs - 1)).toEqual(refused(RefusalReason.NOT_OPEN_YET));
  expect(decideClaim(campaign(), 0, 0, opensAtMs).kind).toBe('granted');
  expect(decideClaim(campaign(), 0, 0, closesAtMs - 1).kind).toBe('granted');
  expect(decideClaim(campaign(), 0, 0, closesAtMs)).toEqual(refused(RefusalReason.OVER));
});

test('a paused campaign grants nothing', () => {
  expect(decideClaim(campaign({ status: CampaignStatus.PAUSED }), 0, 0, opensAtMs)).toEqual(
    refused(RefusalReason.PAUSED),
  );
});

test('who owns the coupon already is told so, also when it is sold out, paused or over', () => {
  const limit = refused(RefusalReason.LIMIT_REACHED);
  expect(decideClaim(campaign({ stock: 1 }), 1, 1, opensAtMs)).toEqual(limit);
  expect(decideClaim(campaign({ status: CampaignStatus.PAUSED }), 1, 1, opensAtMs)).toEqual(limit);
  expect(decideClaim(campaign(), 1, 1, closesAtMs)).toEqual(limit);
});

test('more claims than stock is a bug, not a decision', () => {
  expect(() => decideClaim(campaign({ stock: 1 }), 2, 0, opensAtMs)).toThrow('never more claims than stock');
});
