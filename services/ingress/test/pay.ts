import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { NoticeKeys } from '@lingquan/merchant';
import { sealNotification, signMessage } from '@lingquan/wechat-pay';
import { request } from 'undici';
import type { Answer } from './wechat.ts';

type RsaKey = { serial_no: string; private_pem: string; cert_pem?: string; public_pem?: string };

export type PayVector = {
  id: string;
  kind: string;
  note?: string;
  input: {
    headers: Record<string, string>;
    body: string;
    xml: string;
    now: number;
    trusted: Record<string, string>;
    apiv3_key?: string;
    apiv3_key_literal?: string;
    api_key: string;
  };
  expected: {
    ok: boolean;
    ack: string;
    reason?: string;
    resource: Record<string, unknown>;
    fields: Record<string, string>;
  };
};

const file = new URL('../../../packages/wechat-pay/test-vectors/wechat-pay-vectors.json', import.meta.url);
export const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
  account: { appid: string; mchid: string; openid: string };
  keys: Record<string, RsaKey & { text: string }>;
  vectors: PayVector[];
};

export const rsaKey = (name: string): RsaKey => vectors.keys[name]!;
export const textKey = (name: string): string => vectors.keys[name]!.text;
export const ofKind = (kind: string): PayVector[] => vectors.vectors.filter((vector) => vector.kind === kind);

const { mchid, appid } = vectors.account;
const pub = rsaKey('wxpub');

/** What opens the vectors' notices, in public key mode. */
export const noticeKeys: NoticeKeys = {
  appid,
  mchid,
  apiV3Key: textKey('apiv3'),
  apiV2Key: textKey('apiv2'),
  publicKey: { id: pub.serial_no, key: createPublicKey(pub.public_pem!) },
};

export type Signer = { serial: string; privateKey: KeyObject };
export const signerOf = (name: string): Signer => {
  const { serial_no: serial, private_pem: pem } = rsaKey(name);
  return { serial, privateKey: createPrivateKey(pem) };
};

export type Telling = {
  id?: string;
  eventType?: string;
  originalType?: string;
  signer?: Signer;
  /** Seconds. */
  timestamp?: number;
};

let told = 0;

/** A notice of v3 as WeChat Pay would send it: sealed and signed. */
export function notice(resource: Record<string, unknown>, telling: Telling = {}) {
  const { eventType = 'TRANSACTION.SUCCESS', signer = signerOf('wxpub') } = telling;
  const { timestamp = Math.floor(Date.now() / 1000), originalType = 'transaction' } = telling;
  const n = String(++told).padStart(12, '0');
  const { id = `notice-${n}` } = telling;
  const sealed = { id, createTimeMs: timestamp * 1000, eventType, summary: '', originalType, resource, nonce: n };
  const body = sealNotification(noticeKeys.apiV3Key, sealed);
  return { body, headers: signMessage(signer, { timestamp, nonce: n, body }) };
}

export const transaction = (changes: Record<string, unknown> = {}) => ({
  mchid,
  appid,
  out_trade_no: 'T20260101000001',
  transaction_id: '4200002026010100000000000001',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  bank_type: 'CMB_DEBIT',
  success_time: '2026-01-01T08:00:20+08:00',
  payer: { openid: 'o-payer' },
  amount: { total: 8800, payer_total: 8300, currency: 'CNY', payer_currency: 'CNY' },
  ...changes,
});

export const refund = (changes: Record<string, unknown> = {}) => ({
  mchid,
  transaction_id: '4200002026010100000000000001',
  out_trade_no: 'T20260101000001',
  refund_id: '50300002026010100000000001',
  out_refund_no: 'R20260101000001',
  refund_status: 'SUCCESS',
  success_time: '2026-01-01T09:00:00+08:00',
  user_received_account: '招商银行储蓄卡1234',
  amount: { total: 8800, refund: 3000, payer_total: 8800, payer_refund: 3000 },
  ...changes,
});

export async function tell(url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await request(url, { method: 'POST', body, headers });
  return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
}
