import { openPaymentNotice, openRefundNotice } from '@lingquan/wechat-pay';
import type { Reason } from '@lingquan/wechat-pay';
import { wrongRefund, wrongTransaction } from './check.ts';
import type { NoticeKeys } from '@lingquan/merchant';
import { refusal } from './notice.ts';
import type { Notice, NoticeRefusal } from './notice.ts';

type V2Keys = NoticeKeys & { apiV2Key: string };

/** Verifies and reads a payment notice of API v2 (reference A.6). */
export function openV2({ apiV2Key, mchid }: V2Keys, body: Buffer): Notice | NoticeRefusal {
  const opened = openPaymentNotice(apiV2Key, body);
  if (!opened.ok) return refused(opened.reason);
  const wrong = wrongTransaction(opened.transaction, [opened.fields['total_fee']], mchid);
  if (wrong !== undefined) return refusal('invalid', wrong);
  return { kind: 'transaction', api: 'v2', notificationId: '', transaction: opened.transaction };
}

/**
 * Opens a refund notice of API v2 (reference A.9): it has no signature, that it opens is all there is. Payment believes it only as far as
 * it fits what it knows.
 */
export function openV2Refund({ apiV2Key, mchid }: V2Keys, body: Buffer): Notice | NoticeRefusal {
  const opened = openRefundNotice(apiV2Key, body);
  if (!opened.ok) return refused(opened.reason);
  const { refund, fields } = opened;
  const wrong = wrongRefund(refund, [fields['total_fee'], fields['refund_fee']], mchid);
  return wrong === undefined ? { kind: 'refund', api: 'v2', notificationId: '', refund } : refusal('invalid', wrong);
}

function refused(reason: Reason): NoticeRefusal {
  if (reason === 'bad_body') return refusal('invalid', 'it is no notice');
  if (reason === 'decrypt_failed') return refusal('unauthorized', 'it does not open with the APIv2 key');
  return refusal('unauthorized', 'it is not rightly signed');
}
