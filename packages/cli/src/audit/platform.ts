import { z } from 'zod';
import { getJson } from '../json.ts';
import { startCheck } from './check.ts';
import type { CheckResult } from './check.ts';
import type { PaymentBooks } from './orders.ts';

const order = z.object({
  outTradeNo: z.string(),
  transactionId: z.string().nullable(),
  totalFen: z.number(),
  refundedFen: z.number(),
  state: z.string(),
});
/** An order as the (simulated) platform knows it. */
export type PlatformOrder = z.output<typeof order>;

const ORDERS_MAX = 1_000_000;
/** REFUND says that there is a refund, not how much. */
const paidStates = new Set(['SUCCESS', 'REFUND']);

export const isPaidThere = ({ state }: PlatformOrder): boolean => paidStates.has(state);

/** The orders the simulator remembers; undefined when there is none to ask, or it has no WeChat Pay. */
export async function readPlatform(simulatorUrl: string | undefined): Promise<PlatformOrder[] | undefined> {
  if (simulatorUrl === undefined) return undefined;
  const answer = z.object({ items: z.array(order) });
  return (await getJson('simulator', `${simulatorUrl}/_sim/pay/orders?limit=${ORDERS_MAX}`, answer))?.items;
}

/** The platform beside our orders: what is paid there is paid here, once and for the same money; what it gave back is back here. */
export function checkPlatform(platform: readonly PlatformOrder[], { orders, incidents }: PaymentBooks): CheckResult {
  const check = startCheck('platform', '平台已付的都在 what is paid at the platform is paid here, once');
  const looked = new Set(incidents.map(({ outTradeNo }) => outTradeNo));
  const transactions = new Map<string, string>();
  for (const { outTradeNo, transactionId } of orders.values()) {
    if (transactionId === '') continue;
    const other = transactions.get(transactionId);
    if (other !== undefined) check.found(`${transactionId}: 两个订单 two orders, ${other} 和 and ${outTradeNo}`);
    transactions.set(transactionId, outTradeNo);
  }
  for (const there of platform) {
    check.looked();
    const { outTradeNo, totalFen, transactionId, refundedFen } = there;
    const here = orders.get(outTradeNo);
    const paidHere = here?.state === 'paid' && here.paidFen > 0;
    if (looked.has(outTradeNo)) continue; // a person was called for it
    if (isPaidThere(there) !== paidHere)
      check.found(`${outTradeNo}: 平台 there ${there.state}，这里 here ${here?.state ?? '—'}`);
    else if (paidHere && (here.paidFen !== totalFen || here.transactionId !== transactionId))
      check.found(
        `${outTradeNo}: 平台 there ${totalFen} (${transactionId ?? ''})，这里 here ${here.paidFen} (${here.transactionId})`,
      );
    else if (paidHere && here.refundedFen > refundedFen)
      check.found(`${outTradeNo}: 退款 平台 refunded there ${refundedFen}，这里 here ${here.refundedFen}`);
  }
  return check.result();
}
