import { toBinary } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { AppError } from '@lingquan/errors';
import { decode, envelopeOf, isUuid } from '@lingquan/events';
import { BasketSchema } from '@lingquan/events/coupon.ts';
import type { Basket } from '@lingquan/events/coupon.ts';
import { PaymentCommandSchema } from '@lingquan/events/payment.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import type { NewOrder } from '../domain/order.ts';
import type { Cause } from '../publish/source.ts';
import type { Item } from '../settling/round.ts';

/** An operator's word that an incident is dealt with. */
export type Resolving = { incidentId: string; note: string; cause: Cause };

/** What a record asks of payment. */
export type Asked = { kind: 'item'; item: Item } | { kind: 'resolve'; resolving: Resolving };

/** A record of payment.commands, checked. Throws `invalid` on what is no command or breaks a bound. */
export function commandOf({ headers, value }: IncomingRecord): Asked {
  const { command } = decode(PaymentCommandSchema, value);
  const { id, timeMs, traceparent } = envelopeOf(headers);
  const cause: Cause = { id, timeMs, traceparent };
  const replyTo = headers['reply-to'];
  const item = (rest: Omit<Item, 'cause' | 'replyTo'>): Asked => ({
    kind: 'item',
    item: { ...rest, cause, replyTo: replyTo === undefined || Array.isArray(replyTo) ? undefined : String(replyTo) },
  });
  switch (command.case) {
    case 'createOrder': {
      const { basket, description, couponCode, payUntil, appid, openid } = command.value;
      const outTradeNo = tradeNo(command.value.outTradeNo);
      check(basket !== undefined && payUntil !== undefined, 'basket and pay_until are needed');
      const order: NewOrder = {
        outTradeNo,
        appid: short(appid, 'appid', 1, 64),
        openid: short(openid, 'openid', 1, 128),
        basket: toBinary(BasketSchema, basket),
        description: described(description),
        couponCode: short(couponCode, 'coupon_code', 0, 64),
        totalFen: totalOf(basket),
        payUntilMs: timestampMs(payUntil),
      };
      return item({ outTradeNo, happening: { kind: 'create', order } });
    }
    case 'cancelOrder':
      return item({ outTradeNo: tradeNo(command.value.outTradeNo), happening: { kind: 'cancel' } });
    case 'requestRefund': {
      const { outRefundNo, refundFen, reason } = command.value;
      check(/^[0-9A-Za-z_\-|*@]{1,64}$/.test(outRefundNo), 'out_refund_no must be 1 to 64 of 0-9 A-Z a-z _ - | * @');
      const askedFen = fen(refundFen, 'refund_fen');
      return item({
        outTradeNo: tradeNo(command.value.outTradeNo),
        outRefundNo,
        happening: { kind: 'request_refund', outRefundNo, askedFen, reason: short(reason, 'reason', 0, 80) },
      });
    }
    case 'resolveIncident': {
      const { incidentId, note } = command.value;
      check(isUuid(incidentId), 'incident_id must be a UUID');
      return { kind: 'resolve', resolving: { incidentId, note: short(note, 'note', 0, 1000), cause } };
    }
    case undefined:
      throw new AppError('invalid', 'this command is of a kind not known here');
    default:
      return command satisfies never;
  }
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new AppError('invalid', what);
}

/** Ten million yuan: far above what WeChat Pay takes at once, far below what a number holds. */
const FEN_MAX = 1_000_000_000;
const LINES_MAX = 200;

function fen(value: bigint, name: string): number {
  check(value >= 0n && value <= BigInt(FEN_MAX), `${name} must be from 0 to ${FEN_MAX}`);
  return Number(value);
}

/** WeChat Pay would also take | and *; the coupon issuer, who is told of the order, does not. */
function tradeNo(text: string): string {
  check(/^[0-9A-Za-z_-]{6,32}$/.test(text), 'out_trade_no must be 6 to 32 of 0-9 A-Z a-z _ -');
  return text;
}

/** Postgres takes no U+0000, and people take no other control characters. */
function short(text: string, name: string, least: number, most: number): string {
  const fits = text.length >= least && text.length <= most && !/\p{Cc}/u.test(text);
  check(fits, `${name} must be ${least} to ${most} characters without control characters`);
  return text;
}

function described(text: string): string {
  const bytes = Buffer.byteLength(short(text, 'description', 1, 127));
  check(bytes <= 127, 'description must be at most 127 bytes');
  return text;
}

/** What the lines come to, before any coupon. */
function totalOf({ lines, amountFen }: Basket): number {
  fen(amountFen, 'amount_fen'); // not looked at, but the issuer is sent it
  check(lines.length > 0 && lines.length <= LINES_MAX, `an order has 1 to ${LINES_MAX} lines`);
  const total = lines.reduce((sum, { unitPriceFen, quantity }) => {
    check(quantity > 0 && unitPriceFen >= 0n, 'every line needs a price and a quantity');
    return sum + unitPriceFen * BigInt(quantity);
  }, 0n);
  return fen(total, 'the order');
}
