import { AppError } from '@lingquan/errors';
import { uuidOf } from '@lingquan/events';
import type { System } from '../system.ts';
import { askUntil } from '../waiting.ts';
import { paymentClient, requireOrder } from './client.ts';
import type { Order } from './client.ts';
import { sendPaymentCommand } from './send-command.ts';

export type RefundWanted = {
  outTradeNo: string;
  /** All that is left when not said. */
  amountFen: number | undefined;
  reason: string;
  /** The same key again is the same refund. */
  key: string;
};

export type Refund = Order['refunds'][number];

const WAIT_MS = 15_000;

/** Fen that are neither back nor on their way. */
export const leftOf = ({ paidFen, refunds }: Pick<Order, 'paidFen' | 'refunds'>): number =>
  refunds.reduce((left, { state, refundFen }) => (state === 'closed' ? left : left - refundFen), paidFen);

/**
 * Why payment would refuse this refund as the order stands, or undefined. Payment decides; this only says it sooner and in words, since
 * its own answer goes to ingress.
 */
export function refusalOf(order: Order, outRefundNo: string, amountFen: number | undefined): string | undefined {
  if (order.refunds.some((refund) => refund.outRefundNo === outRefundNo)) return undefined; // the same one again
  if (order.state !== 'paid') return `订单没有支付 the order is not paid (${order.state})`;
  const left = leftOf(order);
  if (left < (amountFen ?? 0)) return `只剩 ${left} 分可退 only ${left} fen are left`;
  return left === 0 && order.paidFen > 0 ? '已全部退款 nothing is left to give back' : undefined;
}

/** Asks for money back and waits until payment has taken it. Rejects with `conflict` when the order does not allow it. */
export async function requestRefund(
  system: System,
  { outTradeNo, amountFen, reason, key }: RefundWanted,
): Promise<Refund> {
  const id = uuidOf('lingquan-refund', outTradeNo, key);
  const outRefundNo = `r${id.replaceAll('-', '')}`;
  const refusal = refusalOf(await requireOrder(system, outTradeNo), outRefundNo, amountFen);
  if (refusal !== undefined) throw new AppError('conflict', `被拒绝 refused: ${refusal}`);
  const value = { outTradeNo, outRefundNo, refundFen: BigInt(amountFen ?? 0), reason };
  await sendPaymentCommand(system, outTradeNo, { case: 'requestRefund', value }, id);
  const client = paymentClient(system);
  return askUntil(
    async () => (await client.order(outTradeNo))?.refunds.find((refund) => refund.outRefundNo === outRefundNo),
    WAIT_MS,
    `命令已写入，但 ${WAIT_MS / 1000} 秒内没有看到退款；用 lingquan order show ${outTradeNo} 查看 · the command is on record, but no refund was seen in time; see order show`,
  );
}
