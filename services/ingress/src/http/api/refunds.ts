import { AppError } from '@lingquan/errors';
import { RefundRefusalReason } from '@lingquan/events/payment.ts';
import { z } from 'zod';
import type { Asks } from '../../asks/asks.ts';
import { refundNumber } from '../../domain/numbers.ts';
import { requestRefund } from '../../publish/commands.ts';
import type { PaymentQuestions } from '../../questions/payment.ts';
import type { ApiRoute } from './call.ts';
import { checked } from './check.ts';
import { idempotencyKeyOf } from './idempotency.ts';
import { ownOrder } from './own-order.ts';
import { Refusal } from './refusal.ts';

export type RefundOptions = {
  asks: Asks;
  payment: PaymentQuestions;
  /** `granted`: whatever is left of an order goes back to whoever asks; `off`: nobody's does. */
  refundsByShoppers: 'granted' | 'off';
};

const shape = z.strictObject({
  refundFen: z.int().min(1).optional(),
  reason: z
    .string()
    .trim()
    .max(80)
    .regex(/^\P{Cc}*$/u)
    .optional(),
});

/**
 * `POST /api/orders/{n}/refunds` with an Idempotency-Key, `{refundFen?, reason?}` → 202 `{refund}`: taken, the money follows (`requested`),
 * or not known yet (`pending`). Without refundFen all that is left. The same key and sum again are the same refund.
 */
export const refundsRoute = ({ asks, payment, refundsByShoppers }: RefundOptions): ApiRoute => ({
  method: 'POST',
  path: '/api/orders/:outTradeNo/refunds',
  access: 'session',
  handle: async (call) => {
    if (refundsByShoppers === 'off') throw new Refusal('refunds_off');
    const { session, nowMs } = call;
    const { refundFen = 0, reason = '' } = checked(shape, call.body);
    const key = idempotencyKeyOf(call);
    const { outTradeNo } = await ownOrder(payment, session, call.params['outTradeNo']!);
    const outRefundNo = refundNumber(outTradeNo, key);
    const command = requestRefund({ outTradeNo, outRefundNo, refundFen, reason }, nowMs);
    const outcome = await asks.ask(command, nowMs);
    if (outcome === 'late') return { status: 202, body: { refund: { outRefundNo, state: 'pending' } } };
    const answer = outcome.case === 'refund' ? outcome.value.outcome : { case: undefined };
    if (answer.case === undefined) throw new AppError('internal', 'payment answered a refund with something else');
    if (answer.case === 'refused') throw refusalOf(answer.value.reason, Number(answer.value.leftFen));
    const taken = { outRefundNo, refundFen: Number(answer.value.refundFen), state: 'requested' };
    return { status: 202, body: { refund: taken } };
  },
});

const reasons = new Map<RefundRefusalReason, string>(
  Object.entries(RefundRefusalReason).map(([name, reason]) => [reason, name.toLowerCase()]),
);

function refusalOf(reason: RefundRefusalReason, leftFen: number): Refusal {
  if (reason === RefundRefusalReason.NUMBER_TAKEN) return new Refusal('number_taken');
  return new Refusal('refund_refused', { reason: reasons.get(reason) ?? 'unspecified', leftFen });
}
