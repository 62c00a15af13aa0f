export {
  CampaignStatus,
  CampaignTermsSchema,
  CouponKind,
  CouponValueSchema,
  KeywordMatch,
} from './gen/lingquan/coupon/v1/campaign_pb.ts';
export type { CampaignTerms, CouponValue } from './gen/lingquan/coupon/v1/campaign_pb.ts';
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
  Tell,
} from './gen/lingquan/coupon/v1/events_pb.ts';
export type { CouponClaimRefused, CouponClaimed, CouponEvent } from './gen/lingquan/coupon/v1/events_pb.ts';
export { JournalEntrySchema } from './gen/lingquan/coupon/v1/journal_pb.ts';
