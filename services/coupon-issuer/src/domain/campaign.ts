import type { CampaignStatus, CouponKind, KeywordMatch, RefusalReason } from '@lingquan/events/coupon.ts';
import type { Rules } from './rules.ts';

/** What a coupon is worth: money in fen, `percent` 1 to 100 off for the percent kind, at most `capFen` unless that is 0. */
export type CouponWorth = {
  kind: CouponKind;
  valueFen: number;
  percent: number;
  thresholdFen: number;
  capFen: number;
};

/** What is on offer. `stock` counts coupons in all; the window is [opensAtMs, closesAtMs), open where absent. */
export type Campaign = {
  id: string;
  /** Place in the order of creation, from 1. */
  number: number;
  appid: string;
  name: string;
  keyword: string;
  match: KeywordMatch;
  worth: CouponWorth;
  rules: Rules;
  limitPerUser: number;
  opensAtMs: number | undefined;
  closesAtMs: number | undefined;
  status: CampaignStatus;
  stock: number;
};

/** Why an attempt gets no coupon. */
export type Refusal = Exclude<RefusalReason, 0>;
