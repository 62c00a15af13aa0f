import { afterAll, beforeAll } from '@jest/globals';
import { sealRefundNotice, signedMessage } from '@lingquan/wechat-pay';
import * as pay from '../pay.ts';
import { openShop } from '../shop.ts';
import type { Shop } from '../shop.ts';
import { startIngress } from '../system.ts';
import { readNotices } from './published.ts';
import type { Notices } from './published.ts';

export const { noticeKeys } = pay;
export const { mchid, appid } = pay.vectors.account;

export type Running = Awaited<ReturnType<typeof startIngress>>;
/** The system all rooms share, its notices, and an ingress of it; there once the tests run. */
export let shop: Shop;
export let notices: Notices;
export let ingress: Running;
let clockMs: number | undefined;
/** The clock of an ingress that is given it. */
export const now = () => clockMs ?? Date.now();
/** Sets that clock; undefined: the machine's. */
export const setClock = (ms: number | undefined) => (clockMs = ms);
/** More of them, stopped when all is over. */
export const closing: Running[] = [];

/** As payment lists them. */
export const certificatesOf = (names: string[]) =>
  names.map((name) => ({ serialNo: pay.rsaKey(name).serial_no, pem: pay.rsaKey(name).cert_pem! }));

/** What a request to the door brought to the topic, beside its answer. */
export async function through(send: () => Promise<{ status: number; body: string }>) {
  const before = (await notices.all()).length;
  const { status, body } = await send();
  return { status, body, fresh: (await notices.all()).slice(before) };
}

/** Tells a notice at the door of its version. */
export const v3 = (told: ReturnType<typeof pay.notice>, one = ingress) =>
  pay.tell(`${one.url}/pay/v3/notify`, told.body, told.headers);
export const v2 = (xml: string, path = '/pay/v2/notify', one = ingress) =>
  pay.tell(one.url + path, xml, { 'content-type': 'text/xml' });

export const apiV2Key = pay.textKey('apiv2');
const v2Fields = (changes: Record<string, string> = {}) => ({
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid,
  mch_id: mchid,
  openid: 'o-payer',
  nonce_str: 'n',
  out_trade_no: 'T20260101000002',
  transaction_id: '42v2',
  total_fee: '100',
  cash_fee: '90',
  trade_type: 'JSAPI',
  time_end: '20260101080005',
  ...changes,
});
/** A payment as v2 tells it; refunds are sealed. */
export const signed = (changes: Record<string, string> = {}) =>
  signedMessage(v2Fields(changes), apiV2Key, 'HMAC-SHA256');
export const refundNotice = (key: string, changes: Record<string, string> = {}, merchant = mchid) =>
  sealRefundNotice(key, {
    appid,
    mchid: merchant,
    nonce: 'n',
    fields: {
      transaction_id: '42v2',
      out_trade_no: 'T20260101000002',
      refund_id: '50v2',
      out_refund_no: 'R2',
      total_fee: '100',
      refund_fee: '40',
      refund_status: 'REFUNDCLOSE',
      ...changes,
    },
  });

/** Opens the system before the first test and removes it after the last. */
export function openDesk(): void {
  beforeAll(async () => {
    shop = await openShop('pay');
    notices = await readNotices(shop.kafka);
    shop.payment.answer = () => ({ json: { certificates: certificatesOf(['platform1', 'platform2']) } });
    ingress = await startIngress(shop, { noticeKeys, env: shop.settings, now });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([ingress, ...closing].map((one) => one?.stop()));
    await notices?.stop();
    await shop?.remove();
  }, 60_000);
}
