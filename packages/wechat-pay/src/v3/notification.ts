import { AppError } from '@lingquan/errors';
import type { Refund, Transaction } from '../model.ts';
import { toRfc3339 } from '../time.ts';
import { refuse, type Refusal } from '../verdict.ts';
import { objectIn, parseObject, textIn, type Json } from './json.ts';
import type { KeyRing } from './keys.ts';
import { verifyMessage, type Headers } from './message.ts';
import { readRefund, readTransaction } from './read.ts';
import { algorithm, openResource, sealResource } from './resource.ts';

/** What a notification is about; `other` is anything we have no use for yet, such as products added later. */
export type NoticeContent =
  | { kind: 'transaction'; transaction: Transaction }
  | { kind: 'refund'; refund: Refund }
  | { kind: 'coupon' }
  | { kind: 'other' };

export type Notification = {
  /** Opaque, at most 36 characters; the same in redeliveries. */
  id: string;
  eventType: string;
  createTime: string;
  summary: string;
  originalType: string;
  content: NoticeContent;
  /** The opened contents, whole. */
  resource: Json;
};

export type ReceivedNotification = { headers: Headers; body: Buffer };

/**
 * Verifies and opens a notification (reference B.3, B.5). Never throws: what is not believed says why. That it is about our
 * merchant, order and amount is the reader's to check (D.5).
 */
export function openNotification(
  keys: KeyRing,
  apiV3Key: string | Buffer,
  { headers, body }: ReceivedNotification,
  nowSeconds: number,
): { ok: true; notification: Notification } | Refusal {
  const verdict = verifyMessage(keys, headers, body, nowSeconds);
  if (!verdict.ok) return verdict;
  try {
    return { ok: true, notification: openEnvelope(apiV3Key, parseObject(body.toString('utf8'))) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refuse(error.code === 'unauthorized' ? 'decrypt_failed' : 'bad_body');
  }
}

function openEnvelope(apiV3Key: string | Buffer, envelope: Json): Notification {
  const sealed = objectIn(envelope, 'resource');
  const resource = parseObject(
    openResource(apiV3Key, {
      ciphertext: textIn(sealed, 'ciphertext'),
      nonce: textIn(sealed, 'nonce'),
      associated_data: textIn(sealed, 'associated_data'),
    }),
  );
  const eventType = textIn(envelope, 'event_type');
  const originalType = textIn(sealed, 'original_type');
  return {
    id: textIn(envelope, 'id'),
    eventType,
    createTime: textIn(envelope, 'create_time'),
    summary: textIn(envelope, 'summary'),
    originalType,
    content: contentOf(eventType, originalType, resource),
    resource,
  };
}

/** By original_type too: a coupon notice has been seen under the event type of a payment (reference C.1). */
function contentOf(eventType: string, originalType: string, resource: Json): NoticeContent {
  if (originalType === 'coupon' || eventType.startsWith('COUPON.')) return { kind: 'coupon' };
  if (eventType.startsWith('TRANSACTION.') && ['', 'transaction'].includes(originalType))
    return { kind: 'transaction', transaction: readTransaction(resource) };
  if (eventType.startsWith('REFUND.') && ['', 'refund'].includes(originalType))
    return { kind: 'refund', refund: readRefund(resource) };
  return { kind: 'other' };
}

export type NotificationToSeal = {
  id: string;
  createTimeMs: number;
  /** Such as TRANSACTION.SUCCESS. */
  eventType: string;
  summary: string;
  /** transaction, refund or coupon; the associated data as well. */
  originalType: string;
  resource: Json;
  /** 12 characters, fresh. */
  nonce: string;
};

/** The platform's side: the body of a notification, to be signed with `signMessage`. */
export function sealNotification(apiV3Key: string | Buffer, notice: NotificationToSeal): string {
  const { originalType, nonce } = notice;
  const plaintext = JSON.stringify(notice.resource);
  return JSON.stringify({
    id: notice.id,
    create_time: toRfc3339(notice.createTimeMs),
    resource_type: 'encrypt-resource',
    event_type: notice.eventType,
    summary: notice.summary,
    resource: {
      original_type: originalType,
      algorithm,
      ciphertext: sealResource(apiV3Key, { nonce, associatedData: originalType, plaintext }),
      associated_data: originalType,
      nonce,
    },
  });
}
