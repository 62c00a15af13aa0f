import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { account, start } from '@lingquan/wechat-simulator';
import { keptMerchant } from '@lingquan/wechat-simulator/merchant.ts';

export const appid = 'wx1234567890abcdef';

type Fault = {
  kind: string;
  path?: string;
  times?: number;
  when?: 'before' | 'after';
  ms?: number;
  code?: string;
  status?: number;
};
type PlatformOrder = {
  outTradeNo: string;
  transactionId: string | null;
  state: string;
  totalFen: number;
  paidAt: string | null;
};
type PlatformRefund = { outRefundNo: string; refundId: string; state: string; refundFen: number; totalFen: number };

/** WeChat Pay, played by the simulator. Its notices are taken by nobody who looks at them: tests say themselves what is told, and when. */
export async function wechatPayStand() {
  const dir = await mkdtemp(join(tmpdir(), 'lingquan-pay-'));
  const { merchantDir, platformDir } = await keptMerchant(dir, { appid });
  const taking = createServer((_, response) => void response.writeHead(204).end());
  await new Promise<void>((resolve) => taking.listen(0, '127.0.0.1', resolve));
  const notifyUrl = `http://127.0.0.1:${(taking.address() as AddressInfo).port}`;
  const simulator = await start({
    host: '127.0.0.1',
    port: 0,
    accounts: [account({ appid, secret: 's', token: 'token2026', kind: 'official-account' }, `${notifyUrl}/wx`)],
    pushTimeoutMs: 2000,
    retryPauseMs: 10,
    ipAllowList: [],
    callbackIps: [],
    claimLogUrl: 'http://127.0.0.1:1',
    pay: { merchantDir, platformDir, tlsPort: 0 },
    logLevel: 'error',
  });
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${simulator.url}/_sim${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  };
  const { mchid, openid, tlsUrl } = await ask<{ mchid: string; openid: string; tlsUrl: string }>('GET', '/pay');
  return {
    url: simulator.url,
    notifyUrl,
    merchantDir,
    mchid,
    tlsUrl,
    /** Somebody who can pay. */
    openid,
    settings: (settings: object) => ask('POST', '/pay/settings', settings),
    /** Pays by the parameters of `wx.requestPayment`, whose signature is verified. */
    pay: (payment: unknown) => ask<{ order: PlatformOrder }>('POST', '/pay/pay', { payment }),
    payByNumber: (outTradeNo: string) => ask<{ order: PlatformOrder }>('POST', '/pay/pay', { outTradeNo }),
    order: async (outTradeNo: string) =>
      ask<{ order: PlatformOrder; refunds: PlatformRefund[] }>('GET', `/pay/orders/${outTradeNo}`),
    settle: (outRefundNo: string, outcome: 'success' | 'abnormal' | 'closed') =>
      ask('POST', `/pay/refunds/${outRefundNo}`, { outcome }),
    billReady: (date: string) => ask('POST', '/pay/bills', { date, state: 'ready' }),
    breakWith: (fault: Fault) => ask('POST', '/faults', { on: 'pay', ...fault }),
    /** How many faults have not met their calls yet. */
    faults: async () => (await ask<{ items: unknown[] }>('GET', '/faults')).items.length,
    mend: () => ask('DELETE', '/faults'),
    stop: async () => {
      await simulator.stop();
      await new Promise((resolve) => taking.close(resolve).closeAllConnections());
      await rm(dir, { recursive: true });
    },
  };
}

export type WechatPayStand = Awaited<ReturnType<typeof wechatPayStand>>;
