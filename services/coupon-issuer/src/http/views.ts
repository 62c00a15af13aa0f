import { CampaignStatus, CouponKind, KeywordMatch, UnusableReason } from '@lingquan/events/coupon.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { Unusable } from '../domain/discount.ts';
import { passTime } from '../domain/life.ts';
import type { OwnedCoupon } from '../domain/owned-coupon.ts';
import type { Quote } from '../domain/quote.ts';
import type { Rules } from '../domain/rules.ts';
import type { NamedCoupon } from '../store/coupon-queries.ts';

/** What the issuer's answers look like in JSON: instants in ISO 8601, enum words in lower case, null for what there is not. */

/** BELOW_THRESHOLD as `below_threshold`. */
const word = (names: Record<string, string | number>, value: number) =>
  Object.keys(names)
    .find((one) => names[one] === value)
    ?.toLowerCase();

export const reasonWord = (reason: number): string => word(UnusableReason, reason) ?? 'unknown';

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

const worthView = ({ worth }: Pick<Campaign, 'worth'>) => ({
  kind: word(CouponKind, worth.kind),
  valueFen: worth.valueFen,
  percent: worth.percent,
  capFen: worth.capFen,
  thresholdFen: worth.thresholdFen,
});

const rulesView = ({ validFromMs, validUntilMs, validDays, weekdays, hours, scope }: Rules) => ({
  validFrom: iso(validFromMs),
  validUntil: iso(validUntilMs),
  validDays,
  weekdays,
  hours,
  scope,
});

export const campaignView = (campaign: Campaign & { claimed: number }) => ({
  campaignId: campaign.id,
  appid: campaign.appid,
  name: campaign.name,
  keyword: campaign.keyword,
  match: word(KeywordMatch, campaign.match),
  ...worthView(campaign),
  rules: rulesView(campaign.rules),
  stock: campaign.stock,
  claimed: campaign.claimed,
  limit: campaign.limitPerUser,
  status: word(CampaignStatus, campaign.status),
  opensAt: iso(campaign.opensAtMs),
  closesAt: iso(campaign.closesAtMs),
});

/** A coupon as it stands at `nowMs`, also when its timer has not fired yet. */
export const couponView = ({ coupon: before, campaignName }: NamedCoupon, nowMs: number) => {
  const { coupon } = passTime(before, nowMs);
  const { life } = coupon;
  const hold = life.state === 'locked' ? life.hold : undefined;
  return {
    code: coupon.code,
    appid: coupon.appid,
    openid: coupon.openid,
    campaignId: coupon.campaignId,
    campaignName,
    ...worthView(coupon),
    rules: rulesView(coupon.rules),
    state: life.state,
    claimedAt: iso(coupon.claimedAtMs),
    validFrom: iso(coupon.rules.validFromMs ?? coupon.claimedAtMs),
    expiresAt: iso(coupon.expiresAtMs),
    lockedBy: hold?.outTradeNo ?? null,
    lockedUntil: iso(hold?.untilMs),
    redeemedAt: iso(life.redemption?.atMs),
    redeemedBy: life.redemption?.by ?? null,
    qr: qrOf(coupon),
  };
};

/** What its QR code holds; the issuer reads a code with or without it. */
const qrOf = ({ code }: OwnedCoupon) => `lingquan:coupon:${code}`;

const unusableView = ({ reason, missingFen, atMs }: Unusable) => ({
  usable: false,
  reason: reasonWord(reason),
  ...(missingFen === undefined ? {} : { missingFen }),
  ...(atMs === undefined ? {} : { atMs }),
});

export const quoteView = ({ coupon, offer }: Quote, campaignName: string, nowMs: number) => ({
  coupon: couponView({ coupon, campaignName }, nowMs),
  ...('discount' in offer
    ? { usable: true, discountFen: offer.discount.totalFen, lineFen: offer.discount.lineFen }
    : unusableView(offer.why)),
});
