export { CouponAction, CouponAnswerSchema, RedemptionOutcomeSchema } from './gen/lingquan/coupon/v1/answers_pb.ts';
export type { CouponAnswer, RedemptionOutcome } from './gen/lingquan/coupon/v1/answers_pb.ts';
export { BasketSchema, DiscountSchema, UnusableReason, UnusableSchema } from './gen/lingquan/coupon/v1/basket_pb.ts';
export type { Basket, BasketLine, Discount, Unusable } from './gen/lingquan/coupon/v1/basket_pb.ts';
export {
  CampaignStatus,
  CampaignTermsSchema,
  CouponKind,
  CouponRulesSchema,
  CouponValueSchema,
  KeywordMatch,
} from './gen/lingquan/coupon/v1/campaign_pb.ts';
export type { CampaignTerms, CouponRules, CouponValue } from './gen/lingquan/coupon/v1/campaign_pb.ts';
export {
  ChangeStockSchema,
  CouponCommandSchema,
  CreateCampaignSchema,
  PauseCampaignSchema,
  ResumeCampaignSchema,
} from './gen/lingquan/coupon/v1/commands_pb.ts';
export type { CouponCommand } from './gen/lingquan/coupon/v1/commands_pb.ts';
export {
  CampaignChangedSchema,
  CampaignCreatedSchema,
  CouponClaimRefusedSchema,
  CouponClaimedSchema,
  CouponEventSchema,
  RefusalReason,
  ReleaseCause,
  Tell,
} from './gen/lingquan/coupon/v1/events_pb.ts';
export type { CouponClaimRefused, CouponClaimed, CouponEvent } from './gen/lingquan/coupon/v1/events_pb.ts';
export { JournalEntrySchema } from './gen/lingquan/coupon/v1/journal_pb.ts';
