import type { Basket as BasketMessage, CouponCommand } from '@lingquan/events/coupon.ts';
import { LINES_MAX, LINE_FEN_MAX } from '../domain/basket.ts';
import type { Basket, BasketLine } from '../domain/basket.ts';
import { readCode } from '../domain/check-digit.ts';
import type { LifeCommand } from '../domain/life.ts';
import type { AskedLife, AskedTimers } from '../domain/received.ts';
import { check, identifier, instant, plainText, whole } from './checks.ts';

type LifeCase = 'lockCoupon' | 'redeemCoupon' | 'releaseCoupon' | 'returnCoupon' | 'revokeCoupon' | 'fireTimers';
type Message = CouponCommand['command'] & { case: LifeCase };

export const TIMERS_MAX = 1000;

/** A command that changes coupons, checked. Throws `invalid` on one that breaks a bound. */
export function lifeCommandOf(message: Message, timeMs: number): AskedLife | AskedTimers {
  if (message.case === 'fireTimers') {
    const { codes } = message.value;
    check(codes.length <= TIMERS_MAX, `at most ${TIMERS_MAX} codes`);
    check(
      codes.every((code) => readCode(code) === code),
      'codes must be as issued',
    );
    return { kind: 'timers', codes: [...new Set(codes)] };
  }
  const asked = message.value.code;
  check(asked.length <= CODE_MAX && !/\p{Cc}/u.test(asked), `code must be at most ${CODE_MAX} characters`);
  return { kind: 'life', asked, code: readCode(asked.replace(QR, '')), command: commandOf(message, timeMs) };
}

const CODE_MAX = 256;
/** What a coupon's QR code holds before the code. */
const QR = /^\s*lingquan:coupon:/i;

function commandOf(message: Exclude<Message, { case: 'fireTimers' }>, timeMs: number): LifeCommand {
  switch (message.case) {
    case 'lockCoupon': {
      const { appid, openid, basket, until } = message.value;
      check(until !== undefined, 'until is missing');
      const untilMs = instant(until, 'until');
      check(untilMs > timeMs, "until must be after the command's time");
      return { kind: 'lock', outTradeNo: orderOf(message.value), appid, openid, basket: basketOf(basket), untilMs };
    }
    case 'redeemCoupon': {
      const { by } = message.value;
      check(by.case !== undefined, 'by must be an order or a till');
      if (by.case === 'order') return { kind: 'redeem', outTradeNo: orderOf(by.value) };
      const shop = plainText(by.value.shop, 'shop', 64);
      const cashier = plainText(by.value.cashier, 'cashier', 64);
      return { kind: 'redeem at till', shop, cashier, basket: { ...basketOf(by.value.basket), shop } };
    }
    case 'releaseCoupon':
      return { kind: 'release', outTradeNo: orderOf(message.value) };
    case 'returnCoupon':
      return { kind: 'return', outTradeNo: orderOf(message.value) };
    case 'revokeCoupon':
      check(message.value.reason.length <= 500, 'reason must be at most 500 characters');
      return { kind: 'revoke', reason: message.value.reason };
    default:
      return message satisfies never;
  }
}

/** As WeChat Pay takes them, and shorter ones. */
const orderOf = ({ outTradeNo }: { outTradeNo: string }): string => identifier(outTradeNo, 'out_trade_no');

function basketOf(basket: BasketMessage | undefined): Basket {
  const lines = basket?.lines ?? [];
  check(lines.length <= LINES_MAX, `a basket has at most ${LINES_MAX} lines`);
  return {
    lines: lines.map((line): BasketLine => {
      const { sku, name, category, quantity } = line;
      const unitPriceFen = whole(line.unitPriceFen, 'unit_price_fen');
      check(quantity >= 1, 'quantity must be at least 1');
      check(unitPriceFen * quantity <= LINE_FEN_MAX, `a line costs at most ${LINE_FEN_MAX} fen`);
      return { sku, name, category, unitPriceFen, quantity };
    }),
    shop: basket?.shop ?? '',
    amountFen: whole(basket?.amountFen ?? 0n, 'amount_fen'),
  };
}
