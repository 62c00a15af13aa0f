import { objectIn, openNotification, signatureHeaders } from '@lingquan/wechat-pay';
import type { Notification, ReceivedNotification } from '@lingquan/wechat-pay';
import { wrongRefund, wrongTransaction } from './check.ts';
import type { NoticeKeys } from '@lingquan/merchant';
import { refusal } from './notice.ts';
import type { Notice, NoticeRefusal } from './notice.ts';
import type { PlatformKeys } from './platform-keys.ts';

/** Verifies and opens a notice of API v3 (reference B.3, B.5); asks for newer certificates when it names one not known here. */
export async function openV3(
  keys: NoticeKeys,
  platform: PlatformKeys,
  received: ReceivedNotification,
  nowMs: number,
): Promise<Notice | NoticeRefusal> {
  const open = () => openNotification(platform.ring, keys.apiV3Key, received, Math.floor(nowMs / 1000));
  let opened = open();
  if (!opened.ok && opened.reason === 'unknown_serial') {
    const { serial } = signatureHeaders(received.headers)!;
    if (!(await platform.renewFor(serial))) return refusal('unavailable', 'the certificates are not there yet');
    opened = open();
  }
  if (opened.ok) return noticeOf(opened.notification, keys.mchid);
  if (opened.reason === 'signtest_probe') return refusal('signtest', 'the signature does not match');
  if (opened.reason === 'decrypt_failed')
    return refusal('invalid', 'it does not open: is the APIv3 key the right one?');
  if (opened.reason === 'bad_body') return refusal('invalid', 'it is no notice');
  return refusal('unauthorized', `it is not rightly signed: ${opened.reason}`);
}

function noticeOf({ id, eventType, content, resource }: Notification, mchid: string): Notice | NoticeRefusal {
  const api = 'v3';
  if (!/^[\x21-\x7e]{1,64}$/.test(id)) return refusal('invalid', 'it has no id');
  const amount = objectIn(resource, 'amount');
  switch (content.kind) {
    case 'transaction': {
      const wrong = wrongTransaction(content.transaction, [amount['total']], mchid);
      return wrong === undefined ? { ...content, api, notificationId: id } : refusal('invalid', wrong);
    }
    case 'refund': {
      const wrong = wrongRefund(content.refund, [amount['total'], amount['refund']], mchid);
      return wrong === undefined ? { ...content, api, notificationId: id } : refusal('invalid', wrong);
    }
    case 'coupon':
    case 'other':
      return { kind: 'other', api, notificationId: id, eventType: eventType.slice(0, 64) };
    default:
      return content satisfies never;
  }
}
