import { createHash } from 'node:crypto';
import { openidOf } from '../load/followers.ts';

export type Shares = {
  /** Of the orders, 0 to 1, how many use a coupon; and how many of the paid ones are given back. */
  coupon: number;
  refund: number;
  /** Of the refunds, how many come in two parts. */
  parts: number;
};

/** What the n-th shopper is going to do. The same seed plans the same. */
export type Plan = {
  n: number;
  openid: string;
  msgId: string;
  claims: boolean;
  refunds: boolean;
  /** Refunds in two parts, which the platform wants a minute apart; the coupon returns with the second. */
  inParts: boolean;
  /** Which goods, as places in the shop's list, one of each. */
  picks: (goods: number) => number[];
  orderKey: string;
  refundKey: (part: number) => string;
};

const GOODS_MAX = 4;

export function planOf(seed: string, msgIdOf: (n: number) => string, shares: Shares): (n: number) => Plan {
  return (n) => {
    const dice = createHash('sha256').update(`${seed}:${n}`).digest();
    const share = (place: number) => dice.readUInt16BE(place) / 65_536;
    return {
      n,
      openid: openidOf(seed, 'distinct', n),
      msgId: msgIdOf(n),
      claims: share(0) < shares.coupon,
      refunds: share(2) < shares.refund,
      inParts: share(4) < shares.parts,
      picks: (goods) => {
        const first = dice.readUInt16BE(6);
        const count = Math.min(goods, 1 + (dice[8]! % GOODS_MAX));
        return Array.from({ length: count }, (_, step) => (first + step) % goods);
      },
      orderKey: `shop-${dice.toString('hex', 10, 26)}`,
      refundKey: (part) => `refund-${part}-${dice.toString('hex', 10, 26)}`,
    };
  };
}
