import { randomUUID } from 'node:crypto';
import {
  type Json,
  type ParametersToSend,
  sealNotification,
  sealRefundNotice,
  signMessage,
  signedMessage,
  signtestPrefix,
} from '@lingquan/wechat-pay';
import { newOpaque } from '../../state/ids.ts';
import { type Merchant, type Signer, strangerSigner } from '../state/keys.ts';

/** What a notice says, in the form of its API. */
export type Content =
  | {
      readonly api: 'v3';
      readonly eventType: string;
      readonly summary: string;
      readonly originalType: 'transaction' | 'refund';
      readonly plain: Json;
    }
  | {
      readonly api: 'v2';
      readonly eventType: string;
      readonly signType: 'MD5' | 'HMAC-SHA256';
      readonly appid: string;
      readonly plain: ParametersToSend;
      /** A refund's is encrypted and not signed (reference A.9). */
      readonly sealed: boolean;
    };

export interface SealedNotice {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What it is signed with; '' in v2. */
  readonly serial: string;
}

/** What is wrong with a notice on purpose. */
export type Flaw = 'tampered' | 'stale' | 'unknown-serial' | 'signtest' | undefined;

export interface Sealing {
  readonly id: string;
  readonly createdAtMs: number;
  readonly merchant: Merchant;
  readonly signer: Signer;
  /** Seconds by the machine's clock: receivers compare it with theirs. */
  readonly timestamp: number;
  readonly flaw: Flaw;
}

/** A notice as it goes out this time: encrypted and signed anew, under the same id (reference B.3, D.3). */
export function sealNotice(content: Content, sealing: Sealing): SealedNotice {
  return content.api === 'v3' ? sealV3(content, sealing) : sealV2(content, sealing);
}

const staleSeconds = 600;
const wrongKey = 'x'.repeat(32);

function sealV3(
  content: Content & { api: 'v3' },
  { id, createdAtMs, merchant, flaw, ...sealing }: Sealing,
): SealedNotice {
  const { eventType, summary, originalType, plain } = content;
  const nonce = newOpaque(9); // 12 characters
  const body = sealNotification(merchant.apiV3Key, {
    id,
    createTimeMs: createdAtMs,
    eventType,
    summary,
    originalType,
    resource: plain,
    nonce,
  });
  const signer = flaw === 'unknown-serial' ? strangerSigner() : sealing.signer;
  const timestamp = flaw === 'stale' ? sealing.timestamp - staleSeconds : sealing.timestamp;
  const headers = signMessage(signer, { timestamp, nonce: newOpaque(24), body });
  if (flaw === 'signtest') headers['Wechatpay-Signature'] = `${signtestPrefix}${headers['Wechatpay-Signature']}`;
  return {
    headers: { 'Content-Type': 'application/json', ...headers },
    body: flaw === 'tampered' ? body.replace(eventType, 'TRANSACTION.TAMPERED') : body,
    serial: signer.serial,
  };
}

function sealV2(content: Content & { api: 'v2' }, { merchant, flaw }: Sealing): SealedNotice {
  const { appid, plain, signType } = content;
  const { mchid } = merchant;
  const key = flaw === 'unknown-serial' ? wrongKey : merchant.apiV2Key;
  const headers = { 'Content-Type': 'text/xml; charset=utf-8' };
  const nonce = newOpaque(24);
  if (content.sealed) {
    const fields = plain as Readonly<Record<string, string>>;
    const body = sealRefundNotice(key, { appid, mchid, nonce, fields });
    return { headers, body: flaw === 'tampered' ? body.replace('<req_info><![CDATA[', '$&AAAA') : body, serial: '' };
  }
  const body = signedMessage(
    { return_code: 'SUCCESS', result_code: 'SUCCESS', appid, mch_id: mchid, nonce_str: nonce, ...plain },
    key,
    signType,
  );
  return {
    headers,
    body: flaw === 'tampered' ? body.replace(/<total_fee>.*?<\/total_fee>/, '<total_fee>1</total_fee>') : body,
    serial: '',
  };
}

export const newNoticeId = (): string => randomUUID();
