import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { openNotification, toRfc3339 } from '@lingquan/wechat-pay';
import { payTestbed } from '../pay-desk.ts';
import type { PayTestbed } from '../pay-desk.ts';

/** The platform all rooms share, begun anew for each test. */
export let bed: PayTestbed;

export const jsapi = '/v3/pay/transactions/jsapi';
export const refunds = '/v3/refund/domestic/refunds';
/** Where an order is asked about by its number. */
export const byNumber = (outTradeNo: string) =>
  `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${bed.merchant.mchid}`;
/** Seconds. */
export const now = () => Math.floor(Date.now() / 1000);
/** What a notice says, by the merchant’s keys. */
export const opened = (notice: { headers: Record<string, string | string[] | undefined>; body: Buffer }) =>
  openNotification(bed.merchant.keys(), bed.merchant.apiV3Key, notice, now());
/** The date in Beijing. */
export const today = () => toRfc3339(Date.now()).slice(0, 10);
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Makes an order and pays it. */
export async function paidOrder(outTradeNo: string, totalFen = 8800): Promise<void> {
  const { status } = await bed.merchant.post(jsapi, bed.order(outTradeNo, { amount: { total: totalFen } }));
  expect(status).toBe(200);
  expect(await bed.pay({ outTradeNo })).toHaveProperty('order.state', 'SUCCESS');
}

/** The body of a refund of part of an order. */
export const refundOf = (outTradeNo: string, outRefundNo: string, refundFen: number, totalFen = 8800) => ({
  out_trade_no: outTradeNo,
  out_refund_no: outRefundNo,
  reason: '顾客取消',
  notify_url: `${bed.receiver.url}/v3/notify`,
  amount: { refund: refundFen, total: totalFen, currency: 'CNY' },
});

/** Makes the merchant before the first test, and a platform for each. */
export function openDesk(): void {
  beforeAll(async () => {
    bed = await payTestbed();
  });
  afterAll(() => bed.stop());
  beforeEach(() => bed.start());
  afterEach(() => bed.stopPlatform());
}
