import { randomBytes } from 'node:crypto';
import type { Log } from '@lingquan/log';
import type { Bill, Refund, Transaction } from '@lingquan/wechat-pay';
import { connectWechatPay } from '@lingquan/wechat-pay-api';
import type { PayOutcome, WechatPayOptions } from '@lingquan/wechat-pay-api';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { RefundTold, TransactionTold } from '../domain/notice.ts';
import type { BillLine, Called, Platform } from './platform.ts';

export type WechatPayDeps = { log: Log; metrics: Registry } & Pick<WechatPayOptions, 'timeoutMs' | 'breaker' | 'retry'>;

/** Where WeChat Pay sends its notices: ingress's paths. */
const noticePaths = {
  v3: { payment: '/pay/v3/notify', refund: '/pay/v3/notify' },
  v2: { payment: '/pay/v2/notify', refund: '/pay/v2/refund-notify' },
};

/** WeChat Pay as payment needs it. Resolves after its certificates were asked for once, whether they came or not. */
export async function wechatPay(config: Config, deps: WechatPayDeps): Promise<Platform> {
  const { merchant, notifyUrl, wechatPayUrl: baseUrl, v2TlsUrl } = config;
  const api = connectWechatPay({ merchant, baseUrl, v2TlsUrl, ...deps });
  await api.start();
  const paths = noticePaths[merchant.api];
  return {
    prepay: (order) => api.prepay({ ...order, notifyUrl: notifyUrl + paths.payment }),
    clientParameters: (appid, prepayId) =>
      api.clientParameters(appid, prepayId, Math.floor(Date.now() / 1000), randomBytes(16).toString('hex')),
    query: async (outTradeNo) =>
      mapped(await api.query(outTradeNo), (found) => (found === 'unknown_order' ? found : transactionOf(found))),
    close: (outTradeNo) => api.close(outTradeNo),
    refund: async (refund) =>
      mapped(await api.refund({ ...refund, notifyUrl: notifyUrl + paths.refund }), (taken) =>
        refundOf(taken, merchant.mchid),
      ),
    queryRefund: async ({ outTradeNo, outRefundNo }) =>
      mapped(await api.queryRefund(outRefundNo, outTradeNo), (found) =>
        found === 'unknown_refund' ? found : refundOf(found, merchant.mchid),
      ),
    tradeBill: async (date) =>
      mapped(await api.tradeBill(date), (bill) => {
        if (bill === 'not_ready') return bill;
        return bill === 'none' ? [] : linesOf(bill);
      }),
    platformCertificates: async () => {
      if (api.platformCertificates().length === 0) await api.lookForCertificates();
      return api.platformCertificates();
    },
    stop: () => api.stop(),
  };
}

const mapped = <T, U>(outcome: PayOutcome<T>, map: (value: T) => U): Called<U> =>
  outcome.kind === 'ok' ? { kind: 'ok', value: map(outcome.value) } : outcome;

const transactionOf = ({ successTimeMs, ...found }: Transaction): TransactionTold => ({
  mchid: found.mchid,
  appid: found.appid,
  outTradeNo: found.outTradeNo,
  transactionId: found.transactionId,
  tradeState: found.tradeState,
  totalFen: found.totalFen,
  currency: found.currency,
  successAtMs: successTimeMs,
});

/** v3's answers do not name the merchant: it was our own we asked as. */
const refundOf = ({ successTimeMs, ...found }: Refund, ownMchid: string): RefundTold => ({
  mchid: found.mchid === '' ? ownMchid : found.mchid,
  outTradeNo: found.outTradeNo,
  transactionId: found.transactionId,
  outRefundNo: found.outRefundNo,
  refundId: found.refundId,
  status: found.status,
  totalFen: found.totalFen,
  refundFen: found.refundFen,
  successAtMs: successTimeMs,
});

const linesOf = ({ rows }: Bill): BillLine[] =>
  rows.map(({ kind, outTradeNo, transactionId, outRefundNo, totalFen, requestedRefundFen }) => ({
    kind,
    outTradeNo,
    transactionId,
    outRefundNo,
    fen: kind === 'pay' ? totalFen : requestedRefundFen,
  }));
