import type { Refund, Transaction } from '@lingquan/wechat-pay';

export type NoticeApi = 'v3' | 'v2';

/** What WeChat Pay told us, verified, opened and whole. */
export type Notice =
  | { kind: 'transaction'; api: NoticeApi; notificationId: string; transaction: Transaction }
  | { kind: 'refund'; api: NoticeApi; notificationId: string; refund: Refund }
  | { kind: 'other'; api: NoticeApi; notificationId: string; eventType: string };

/** Why a notice is not taken; said in the answer, so it holds nothing of the notice. */
export type NoticeRefusal = {
  kind: 'refused';
  /** `unauthorized`: it may not be from WeChat Pay. `unavailable`: it shall come again. */
  code: 'unauthorized' | 'invalid' | 'unavailable' | 'signtest';
  why: string;
};

export const refusal = (code: NoticeRefusal['code'], why: string): NoticeRefusal => ({ kind: 'refused', code, why });
