import { CampaignStatus, CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { Campaign } from '../src/domain/campaign.ts';

export const opensAtMs = Date.UTC(2026, 0, 1);
export const closesAtMs = Date.UTC(2026, 1, 1);

/** A live campaign of ten coupons, one a follower; a test names only what it is about. */
export const campaign = (differences: Partial<Campaign> = {}): Campaign => ({
  id: 'spring',
  number: 1,
  appid: 'wx1',
  name: '春日券',
  keyword: '优惠券',
  match: KeywordMatch.EXACT,
  worth: { kind: CouponKind.AMOUNT, valueFen: 500, percent: 0, thresholdFen: 0 },
  limitPerUser: 1,
  opensAtMs,
  closesAtMs,
  status: CampaignStatus.LIVE,
  stock: 10,
  ...differences,
});
