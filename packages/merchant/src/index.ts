export { readMerchant, readNoticeKeys } from './read.ts';
export type { Merchant, MerchantWarning, NoticeKeys, PlatformPublicKey } from './read.ts';
