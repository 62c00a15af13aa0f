import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { connectWechatPay, type WechatPay, type WechatPayOptions } from '../src/index.ts';
import { closeAll, merchantFrom } from './platform.ts';

const open: WechatPay[] = [];

/** Stops every client and closes every server of the file. */
export async function stopAll(): Promise<void> {
  for (const pay of open.splice(0)) await pay.stop();
  await closeAll();
}

/** A client with short pauses; what it logs is gathered. */
export function connect(baseUrl: string, more: Partial<WechatPayOptions> = {}) {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const metrics = new Registry();
  const pay = connectWechatPay({
    merchant: merchantFrom(),
    baseUrl,
    log: pino({ level: 'trace' }, stream),
    metrics,
    timeoutMs: 10_000, // never reached, however busy the machine; a test of time-outs brings its own
    retry: { firstPauseMs: 1, budgetMs: 60_000 },
    ...more,
  });
  open.push(pay);
  return { pay, metrics, logged: () => lines.join('') };
}

export const order = {
  outTradeNo: 'T20260101000001',
  appid: 'wx0123456789abcdef',
  openid: 'oTestOpenid_0001',
  description: '示例门店-拿铁😀',
  totalFen: 8800,
  payUntilMs: Date.parse('2026-01-01T00:30:00Z'),
  notifyUrl: 'https://pay.example.test/pay/v3/notify',
};

export const refundOrder = {
  outTradeNo: order.outTradeNo,
  outRefundNo: 'R20260101000001',
  refundFen: 3000,
  totalFen: 8800,
  reason: '顾客取消',
  notifyUrl: order.notifyUrl,
};
