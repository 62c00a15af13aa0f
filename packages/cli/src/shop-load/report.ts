import { table } from '../table.ts';
import type { ShopLoadSummary, ShopProgress } from './run-shop-load.ts';

const words: Readonly<Record<string, string>> = {
  claim: '领券 claim',
  login: '登录 log in',
  order: '下单 order, until it can be paid',
  pay: '支付 pay, at the platform',
  paid: '到账核销 paid here, coupon redeemed',
  refund: '申请退款 refund asked',
  refunded: '退到 money and coupon back',
};

/** One line of progress. */
export const progressLine = ({ seconds, begun, done, retries, perSecond }: ShopProgress): string =>
  `${seconds.toFixed(0).padStart(4)} s  已开始 begun ${begun}  已完成 done ${done}  ${perSecond.toFixed(0)}/s  重发 sent again ${retries}`;

/** The run as a person reads it. */
export function summaryText({ seconds, orders, ordersPerSecond, retries, ends, stepsMs }: ShopLoadSummary): string {
  const share = (count: number) => `${((100 * count) / Math.max(1, orders)).toFixed(1)} %`;
  return [
    `${orders} 个订单 orders，${seconds.toFixed(1)} s，${ordersPerSecond.toFixed(0)}/s，重发 sent again ${retries}`,
    table(
      ['结局 end', '个 n', ''],
      Object.entries(ends).map(([kind, count]) => [kind, count, share(count)]),
    ),
    table(
      ['步骤 step', '次 n', 'P50 ms', 'P95 ms', 'P99 ms', 'max ms'],
      Object.entries(stepsMs).map(([step, { count, p50, p95, p99, max }]) => [
        words[step] ?? step,
        count,
        ...[p50, p95, p99, max].map((ms) => Number(ms.toFixed(ms < 100 ? 1 : 0))),
      ]),
    ),
  ].join('\n');
}
