import type { Happening } from '../domain/happening.ts';
import type { Order } from '../domain/order.ts';
import type { Refund } from '../domain/refund.ts';
import type { Task } from '../store/tasks.ts';
import type { Called, Platform } from './platform.ts';

/** What a call is made from. */
export type Subject = { order: Order | undefined; refund: Refund | undefined };

/**
 * Makes the call of a task, and says what happened; undefined when it is not wanted any more. Made twice it does no harm: numbers and
 * contents are always the same (reference D.3).
 */
export async function perform(platform: Platform, task: Task, subject: Subject): Promise<Happening | undefined> {
  switch (task.kind) {
    case 'prepay':
      return prepay(platform, task, subject);
    case 'query':
      return query(platform, task, subject);
    case 'close':
      return close(platform, task, subject);
    case 'refund':
      return refund(platform, task, subject);
    case 'query_refund':
      return queryRefund(platform, task);
    default:
      return task.kind satisfies never;
  }
}

const isRefused = (answer: Called<unknown>): boolean => answer.kind === 'failed' && answer.failure === 'refused';

async function prepay(platform: Platform, { attempts }: Task, { order }: Subject): Promise<Happening | undefined> {
  if (order?.state !== 'unpaid' || order.payableFen === undefined) return undefined;
  const { outTradeNo, appid, openid, description, payableFen: totalFen, payUntilMs } = order;
  const answer = await platform.prepay({ outTradeNo, appid, openid, description, totalFen, payUntilMs });
  if (answer.kind === 'ok') return { kind: 'prepared', prepayId: answer.value.prepayId };
  return isRefused(answer)
    ? { kind: 'prepay_refused', code: answer.code }
    : { kind: 'try_again', call: 'prepay', attempts };
}

async function query(platform: Platform, { attempts }: Task, { order }: Subject): Promise<Happening | undefined> {
  if (order === undefined || order.state === 'paid') return undefined;
  const answer = await platform.query(order.outTradeNo);
  if (answer.kind === 'failed') return { kind: 'try_again', call: 'query', attempts };
  return answer.value === 'unknown_order'
    ? { kind: 'no_transaction' }
    : { kind: 'transaction_told', told: answer.value };
}

/** Closes, then asks once more (reference D.7): whoever paid at the last moment is found, whatever closing came to. */
async function close(platform: Platform, { attempts }: Task, { order }: Subject): Promise<Happening | undefined> {
  if (order === undefined || order.state === 'paid') return undefined;
  if (order.payableFen === undefined) return undefined; // it never had a price, so nobody was asked to take it
  const closing = await platform.close(order.outTradeNo);
  const answer = await platform.query(order.outTradeNo);
  const found = answer.kind === 'ok' ? answer.value : undefined;
  const done = found === 'unknown_order' || (closing.kind === 'ok' && closing.value !== 'already_paid');
  return { kind: 'close_answered', done, told: found === 'unknown_order' ? undefined : found, attempts };
}

async function refund(
  platform: Platform,
  task: Task,
  { order, refund: asked }: Subject,
): Promise<Happening | undefined> {
  if (order?.state !== 'paid' || asked === undefined || asked.state === 'succeeded' || asked.state === 'closed')
    return undefined;
  const { outRefundNo, refundFen, reason } = asked;
  const { outTradeNo, paidFen: totalFen } = order;
  const answer = await platform.refund({ outTradeNo, outRefundNo, refundFen, totalFen, reason });
  if (answer.kind === 'ok') return { kind: 'refund_told', told: answer.value, asked: true };
  const { attempts } = task;
  const again: Happening = { kind: 'try_again_refund', call: 'refund', outRefundNo, attempts, code: answer.code };
  if (!isRefused(answer) || mayBeMended(answer.code)) return again;
  // Refused for good. It may have been taken before: what the platform says of this number decides.
  const found = await platform.queryRefund({ outTradeNo, outRefundNo });
  if (found.kind === 'failed') return { ...again, code: undefined };
  return found.value === 'unknown_refund'
    ? { kind: 'refund_refused', outRefundNo, code: answer.code }
    : { kind: 'refund_told', told: found.value, asked: true };
}

/** Refusals that end once somebody has topped up the balance or mended our settings; codes without underscores (reference B.10). */
const MENDABLE = new Set(['NOTENOUGH', 'SIGNERROR', 'NOAUTH', 'MCHNOTEXISTS', 'MCHIDNOTEXIST', 'APPIDMCHIDNOTMATCH']);

const mayBeMended = (code: string): boolean => code.startsWith('HTTP_') || MENDABLE.has(code.replaceAll('_', ''));

async function queryRefund(platform: Platform, { key: outRefundNo, outTradeNo, attempts }: Task): Promise<Happening> {
  const answer = await platform.queryRefund({ outTradeNo, outRefundNo });
  if (answer.kind === 'failed')
    return { kind: 'try_again_refund', call: 'query_refund', outRefundNo, attempts, code: undefined };
  return answer.value === 'unknown_refund'
    ? { kind: 'no_refund', outRefundNo }
    : { kind: 'refund_told', told: answer.value, asked: true };
}
