import { AppError } from '@lingquan/errors';
import { OrderRefusalReason } from '@lingquan/events/payment.ts';
import type { OrderAnswer } from '@lingquan/events/payment.ts';
import { z } from 'zod';
import type { Asks } from '../../asks/asks.ts';
import { couponCodeOf } from '../../domain/coupon-code.ts';
import type { Goods } from '../../domain/goods.ts';
import { orderNumber } from '../../domain/numbers.ts';
import { createOrder } from '../../publish/commands.ts';
import type { PaymentQuestions } from '../../questions/payment.ts';
import type { ApiAnswer, ApiRoute } from './call.ts';
import { checked } from './check.ts';
import { idempotencyKeyOf } from './idempotency.ts';
import { linesShape, pricedLines, shopShape } from './lines.ts';
import { pendingOrder } from './order-view.ts';
import type { OrderView } from './order-view.ts';
import { Refusal } from './refusal.ts';
import { unusableDetails } from './unusable-details.ts';

export type OrderOptions = {
  asks: Asks;
  payment: PaymentQuestions;
  goods: Goods;
  view: OrderView;
  /** How long an order can be paid. */
  payMs: number;
};

const shape = z.strictObject({
  lines: linesShape,
  shop: shopShape.optional(),
  couponCode: z.string().min(1).max(64).optional(),
});

/**
 * `POST /api/orders` with an Idempotency-Key, `{lines, shop?, couponCode?}`: 201 `{order, payment}` when it can be paid (payment null when
 * nothing is to be paid), 202 `{order}` when that is not known yet, 409 when it cannot be. The same key and body again are the same order.
 */
export function createOrderRoute({ asks, payment, goods, view, payMs }: OrderOptions): ApiRoute {
  /** It is taken, and will come to something: the client looks again under its number. */
  const notKnownYet = (
    outTradeNo: string,
    order: Awaited<ReturnType<PaymentQuestions['order']>> | 'away',
  ): ApiAnswer => ({
    status: 202,
    body: { order: order === undefined || order === 'away' ? pendingOrder(outTradeNo) : view(order) },
  });

  async function ready(outTradeNo: string, payableFen: bigint): Promise<ApiAnswer> {
    const [order, parameters] = await Promise.all([
      unlessAway(payment.order(outTradeNo)),
      payableFen === 0n ? undefined : unlessAway(payment.parameters(outTradeNo)),
    ]);
    if (order === undefined || order === 'away' || parameters === 'away') return notKnownYet(outTradeNo, order);
    // Asked again under the same key after its time: the answer from back then is not true any more.
    if (order.state === 'closed' || order.state === 'closing') throw new Refusal('order_closed');
    return { status: 201, body: { order: view(order), payment: parameters ?? null } };
  }

  return {
    method: 'POST',
    path: '/api/orders',
    access: 'session',
    handle: async (call) => {
      const { session, nowMs } = call;
      const { lines: wanted, shop = '', couponCode } = checked(shape, call.body);
      const outTradeNo = orderNumber(session, idempotencyKeyOf(call));
      const code = couponCode === undefined ? '' : couponCodeOf(couponCode);
      if (code === undefined) throw new Refusal('code_malformed');
      const lines = pricedLines(wanted, goods);
      const { appid, openid } = session;
      const payUntilMs = nowMs + payMs;
      const command = { outTradeNo, owner: { appid, openid }, lines, shop, couponCode: code, payUntilMs };
      const outcome = await asks.ask(createOrder(command, nowMs), nowMs);
      if (outcome === 'late') return notKnownYet(outTradeNo, await unlessAway(payment.order(outTradeNo)));
      const answer = outcome.case === 'order' ? outcome.value.outcome : { case: undefined };
      switch (answer.case) {
        case 'ready':
          return ready(outTradeNo, answer.value.payableFen);
        case 'refused':
          throw refusalOf(answer.value, nowMs);
        case undefined:
          throw new AppError('internal', 'payment answered an order with something else');
        default:
          return answer satisfies never;
      }
    },
  };
}

/** Once the order is durable, payment being away for a moment is no reason to call it a failure. */
const unlessAway = <T>(question: Promise<T>): Promise<T | 'away'> =>
  question.catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'unavailable') return 'away' as const;
    throw error;
  });

type Refused = Extract<OrderAnswer['outcome'], { case: 'refused' }>['value'];

function refusalOf({ reason, coupon, platformCode }: Refused, nowMs: number): Refusal {
  switch (reason) {
    case OrderRefusalReason.COUPON:
      return new Refusal('coupon_unusable', unusableDetails(coupon, nowMs));
    case OrderRefusalReason.NUMBER_TAKEN:
      return new Refusal('number_taken');
    case OrderRefusalReason.PLATFORM:
      return new Refusal('platform_refused', { platformCode });
    case OrderRefusalReason.CLOSED:
    case OrderRefusalReason.UNSPECIFIED:
    default: // a reason of a later version: the order came to nothing
      return new Refusal('order_closed');
  }
}
