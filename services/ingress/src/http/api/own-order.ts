import { isOrderNumber } from '../../domain/numbers.ts';
import { isOwner } from '../../domain/owner.ts';
import type { Order, PaymentQuestions } from '../../questions/payment.ts';
import type { Session } from '../../store/sessions.ts';
import { Refusal } from './refusal.ts';

/** The order of this number when it is the session's own; anybody else's is as good as not there. */
export async function ownOrder(payment: PaymentQuestions, session: Session, outTradeNo: string): Promise<Order> {
  const order = isOrderNumber(outTradeNo) ? await payment.order(outTradeNo) : undefined;
  if (order === undefined || !isOwner(order, session)) throw new Refusal('not_found');
  return order;
}
