import { CampaignStatus, CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { Basket, BasketLine } from '../src/domain/basket.ts';
import type { Campaign, CouponWorth } from '../src/domain/campaign.ts';
import type { Life, OwnedCoupon } from '../src/domain/owned-coupon.ts';
import { withoutBounds } from '../src/domain/rules.ts';
import type { Rules, Scope } from '../src/domain/rules.ts';

export const opensAtMs = Date.UTC(2026, 0, 1);
export const closesAtMs = Date.UTC(2026, 1, 1);

export const worth = (differences: Partial<CouponWorth> = {}): CouponWorth => ({
  kind: CouponKind.AMOUNT,
  valueFen: 500,
  percent: 0,
  thresholdFen: 0,
  capFen: 0,
  ...differences,
});

export const rules = (differences: Partial<Omit<Rules, 'scope'>> & { scope?: Partial<Scope> } = {}): Rules => ({
  ...withoutBounds,
  ...differences,
  scope: { ...withoutBounds.scope, ...differences.scope },
});

/** One line of 1000 fen. */
export const line = (differences: Partial<BasketLine> = {}): BasketLine => ({
  sku: 'tea',
  name: '茶',
  category: 'drinks',
  unitPriceFen: 1000,
  quantity: 1,
  ...differences,
});

export const basket = (...lines: Partial<BasketLine>[]): Basket => ({ lines: lines.map(line), shop: '', amountFen: 0 });

/** An issued coupon of 500 fen off anything, claimed at `opensAtMs`, that ends at `closesAtMs`. */
export const owned = ({
  life,
  ...differences
}: Partial<Omit<OwnedCoupon, 'life'>> & { life?: Partial<Life> } = {}): OwnedCoupon => ({
  code: '001TEST',
  campaignId: 'spring',
  appid: 'wx1',
  openid: 'follower',
  claimedAtMs: opensAtMs,
  worth: worth(),
  rules: withoutBounds,
  expiresAtMs: closesAtMs,
  ...differences,
  life: { state: 'issued', hold: undefined, redemption: undefined, ...life },
});

/** A live campaign of ten coupons, one a follower; a test names only what it is about. */
export const campaign = (differences: Partial<Campaign> = {}): Campaign => ({
  id: 'spring',
  number: 1,
  appid: 'wx1',
  name: '春日券',
  keyword: '优惠券',
  match: KeywordMatch.EXACT,
  worth: worth(),
  rules: withoutBounds,
  limitPerUser: 1,
  opensAtMs,
  closesAtMs,
  status: CampaignStatus.LIVE,
  stock: 10,
  ...differences,
});
