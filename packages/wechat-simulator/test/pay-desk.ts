import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { acknowledgement } from '@lingquan/wechat-pay';
import { until } from '@lingquan/test-kit';
import type { Config } from '../src/index.ts';
import { client, startPlatform, accounts } from './platform.ts';
import { newMerchantFiles, payClient } from './pay-merchant.ts';

// Each file makes a merchant, which is four RSA keys, and every call is signed and verified on both sides.
jest.setTimeout(30_000);

export interface ReceivedNotice {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Where a merchant's notices arrive: a real server that keeps what comes and answers as told. */
export async function startNoticeReceiver() {
  const received: ReceivedNotice[] = [];
  let answering: (notice: ReceivedNotice, count: number) => { status: number; body?: string } = acknowledge;
  function acknowledge({ path }: ReceivedNotice) {
    return path.startsWith('/v2') ? { status: 200, body: acknowledgement } : { status: 204 };
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const notice = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
      received.push(notice);
      const { status, body } = answering(notice, received.length);
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (how: typeof answering) => (answering = how),
    reset() {
      answering = acknowledge;
      received.length = 0;
    },
    /** The first `count` notices, when they have come. */
    async first(count: number): Promise<ReceivedNotice[]> {
      await until(() => received.length >= count, `${count} notices`);
      return received.slice(0, count);
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Json = Record<string, unknown>;

/** A platform with a merchant, its client and where its notices go. Each test starts it anew, on the same files. */
export async function payTestbed() {
  const receiver = await startNoticeReceiver();
  const { miniProgram, plain } = accounts(`${receiver.url}/wx`);
  const files = await newMerchantFiles(miniProgram.appid);
  let url = '';
  let running: Awaited<ReturnType<typeof startPlatform>> | undefined;
  const merchant = await payClient(files.merchantDir, () => url);

  const control = () => client(url);
  return {
    receiver,
    files,
    merchant,
    plain,
    miniProgram,
    control,
    url: () => url,
    async start(settings: Partial<Config> = {}) {
      const { merchantDir, platformDir } = files;
      running = await startPlatform([miniProgram, plain], {
        pay: { merchantDir, platformDir, tlsPort: 0 },
        // Never reached, however busy the machine: a notice told again would be another one to count.
        pushTimeoutMs: 10_000,
        ...settings,
      });
      url = running.url;
      receiver.reset();
      await control().post('/_sim/pay/settings', { noticeIntervalMs: 5, refundDelayMs: 1 });
      await merchant.learnCertificates();
    },
    async stopPlatform() {
      await running?.stop();
    },
    async stop() {
      await merchant.stop();
      await receiver.stop();
      await files.remove();
    },
    tlsUrl: async () => String((await control().get('/_sim/pay'))['tlsUrl']),
    fault: (fault: Json) => control().post('/_sim/faults', fault),
    pay: (wanted: Json) => control().post('/_sim/pay/pay', wanted),
    /** The body of a v3 JSAPI order. */
    order: (outTradeNo: string, more: Json = {}): Json => ({
      appid: merchant.appid,
      mchid: merchant.mchid,
      description: '示例门店-拿铁',
      out_trade_no: outTradeNo,
      attach: '门店=07',
      notify_url: `${receiver.url}/v3/notify`,
      amount: { total: 8800, currency: 'CNY' },
      payer: { openid: merchant.openid },
      ...more,
    }),
    /** The fields of a v2 unified order. */
    orderV2: (outTradeNo: string, more: Record<string, string> = {}) => ({
      body: '示例门店-拿铁 <大杯> & 热',
      attach: '门店=07',
      out_trade_no: outTradeNo,
      total_fee: 8800,
      spbill_create_ip: '203.0.113.7',
      notify_url: `${receiver.url}/v2/notify`,
      trade_type: 'JSAPI',
      openid: merchant.openid,
      ...more,
    }),
    /** Waits until the refund has this state at the platform. */
    refundState: (outRefundNo: string, state: string) =>
      until(async () => {
        const { items } = await control().get(`/_sim/pay/refunds?outRefundNo=${outRefundNo}`);
        return (items as Json[])[0]?.['state'] === state;
      }, `refund ${outRefundNo} ${state}`),
  };
}

export type PayTestbed = Awaited<ReturnType<typeof payTestbed>>;
