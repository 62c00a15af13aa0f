import { ReleaseCause, UnusableReason } from '@lingquan/events/coupon.ts';
import type { Basket } from './basket.ts';
import type { Discount, Unusable } from './discount.ts';
import { offerOf } from './offer.ts';
import type { Life, OwnedCoupon, RedeemedBy } from './owned-coupon.ts';

/** A command on one coupon, checked at the edge. */
export type LifeCommand =
  | { kind: 'lock'; outTradeNo: string; appid: string; openid: string; basket: Basket; untilMs: number }
  | { kind: 'redeem'; outTradeNo: string }
  | { kind: 'redeem at till'; shop: string; cashier: string; basket: Basket }
  | { kind: 'release' | 'return'; outTradeNo: string }
  | { kind: 'revoke'; reason: string };

/** What became true of a coupon, in the words of coupon.events. */
export type LifeFact =
  | { kind: 'locked'; outTradeNo: string; untilMs: number; discount: Discount }
  | { kind: 'released'; outTradeNo: string; cause: ReleaseCause }
  | { kind: 'redeemed'; discount: Discount | undefined; command: LifeCommand & { kind: 'redeem' | 'redeem at till' } }
  | { kind: 'returned'; outTradeNo: string }
  | { kind: 'expired'; atMs: number }
  | { kind: 'revoked'; reason: string }
  | { kind: 'use_refused'; why: Unusable; command: LifeCommand & { kind: 'lock' | 'redeem' | 'redeem at till' } };

/** What whoever gave the command is told. */
export type LifeAnswer =
  | { kind: 'locked'; discount: Discount; untilMs: number }
  | { kind: 'redeemed'; discount: Discount | undefined; atMs: number }
  | { kind: 'released' | 'revoked' }
  | { kind: 'returned'; expired: boolean }
  | { kind: 'not done'; why: Unusable };

/** A coupon after a step, and what there is to say about it. */
export type Step = { coupon: OwnedCoupon; facts: LifeFact[] };
export type Decision = Step & { answer: LifeAnswer };

const R = UnusableReason;

/**
 * Lets the clock act: a hold that is over ends, then a coupon that is over expires. A coupon that is held does not expire.
 * This is all a firing timer does; every command does it first, so no decision depends on how soon a timer fired.
 */
export function passTime(coupon: OwnedCoupon, nowMs: number): Step {
  const { state, hold } = coupon.life;
  if (state === 'locked') return hold!.untilMs <= nowMs ? free(coupon, ReleaseCause.TIME_OUT, nowMs) : still(coupon);
  if (state === 'issued' && isOver(coupon, nowMs)) return expire(coupon);
  return still(coupon);
}

/**
 * Decides one command on a coupon that exists. Pure: `nowMs` is the command's own time. Commands are decided in the order of
 * their topic, so whoever comes first there wins. A refusal is an answer; an order that has already what it asks for is told
 * so again, and nothing changes.
 */
export function decideLife(before: OwnedCoupon, command: LifeCommand, nowMs: number): Decision {
  const { coupon, facts } = passTime(before, nowMs);
  const decided = decide(coupon, command, nowMs);
  return { ...decided, facts: [...facts, ...decided.facts] };
}

function decide(coupon: OwnedCoupon, command: LifeCommand, nowMs: number): Decision {
  switch (command.kind) {
    case 'lock':
      return lock(coupon, command, nowMs);
    case 'redeem':
      return redeem(coupon, command, nowMs);
    case 'redeem at till':
      return redeemAtTill(coupon, command, nowMs);
    case 'release':
      return release(coupon, command.outTradeNo, nowMs);
    case 'return':
      return giveBack(coupon, command.outTradeNo, nowMs);
    case 'revoke':
      return revoke(coupon, command.reason);
    default:
      return command satisfies never;
  }
}

function lock(coupon: OwnedCoupon, command: LifeCommand & { kind: 'lock' }, nowMs: number): Decision {
  const { outTradeNo, untilMs, basket } = command;
  if (coupon.appid !== command.appid || coupon.openid !== command.openid)
    return useRefused(coupon, command, { reason: R.NOT_OWNER });
  const { state, hold } = coupon.life;
  if (state === 'locked' && hold!.outTradeNo === outTradeNo)
    return { ...still(coupon), answer: { kind: 'locked', discount: hold!.discount, untilMs: hold!.untilMs } };
  if (state !== 'issued') return useRefused(coupon, command, notFree(coupon));
  const offer = offerOf(coupon, basket, nowMs, 'order');
  if ('why' in offer) return useRefused(coupon, command, offer.why);
  const { discount } = offer;
  return {
    coupon: become(coupon, { state: 'locked', hold: { outTradeNo, untilMs, discount } }),
    facts: [{ kind: 'locked', outTradeNo, untilMs, discount }],
    answer: { kind: 'locked', discount, untilMs },
  };
}

/** For an order that was paid. Not asked again whether it may be used: it was when the order took it. */
function redeem(coupon: OwnedCoupon, command: LifeCommand & { kind: 'redeem' }, nowMs: number): Decision {
  const { outTradeNo } = command;
  const { state, hold, redemption } = coupon.life;
  const discount = hold?.outTradeNo === outTradeNo ? hold.discount : undefined;
  if (state === 'redeemed' && isOf(redemption!.by, outTradeNo))
    return { ...still(coupon), answer: { kind: 'redeemed', discount, atMs: redemption!.atMs } };
  const mayRedeem = state === 'issued' || ((state === 'locked' || state === 'expired') && discount !== undefined);
  if (!mayRedeem) return useRefused(coupon, command, notFree(coupon));
  return redeemed(coupon, command, { outTradeNo }, discount, nowMs);
}

function redeemAtTill(coupon: OwnedCoupon, command: LifeCommand & { kind: 'redeem at till' }, nowMs: number): Decision {
  const { shop, cashier, basket } = command;
  if (coupon.life.state !== 'issued') return useRefused(coupon, command, notFree(coupon));
  const offer = offerOf(coupon, { ...basket, shop }, nowMs, 'till');
  if ('why' in offer) return useRefused(coupon, command, offer.why);
  return redeemed(coupon, command, { shop, cashier }, offer.discount, nowMs);
}

function redeemed(
  coupon: OwnedCoupon,
  command: LifeCommand & { kind: 'redeem' | 'redeem at till' },
  by: RedeemedBy,
  discount: Discount | undefined,
  atMs: number,
): Decision {
  return {
    coupon: become(coupon, { state: 'redeemed', redemption: { atMs, by } }),
    facts: [{ kind: 'redeemed', discount, command }],
    answer: { kind: 'redeemed', discount, atMs },
  };
}

function release(coupon: OwnedCoupon, outTradeNo: string, nowMs: number): Decision {
  const { state, hold } = coupon.life;
  if (hold?.outTradeNo !== outTradeNo) return notDone(coupon, { reason: R.OTHER_ORDER });
  if (state === 'redeemed') return notDone(coupon, notFree(coupon));
  // Its time was over before: that is what is asked for.
  const step = state === 'locked' ? free(coupon, ReleaseCause.ORDER_CLOSED, nowMs) : still(coupon);
  return { ...step, answer: { kind: 'released' } };
}

function giveBack(coupon: OwnedCoupon, outTradeNo: string, nowMs: number): Decision {
  const { state, redemption } = coupon.life;
  if (state !== 'redeemed' || !isOf(redemption!.by, outTradeNo)) return notDone(coupon, { reason: R.OTHER_ORDER });
  // The order is done with it, whatever comes late: a hold remembered would let it redeem an expired coupon once more.
  const back = become(coupon, { state: 'issued', hold: undefined });
  const end = expireIfOver(back, nowMs);
  return {
    coupon: end.coupon,
    facts: [{ kind: 'returned', outTradeNo }, ...end.facts],
    answer: { kind: 'returned', expired: end.coupon.life.state === 'expired' },
  };
}

function revoke(coupon: OwnedCoupon, reason: string): Decision {
  const { state } = coupon.life;
  if (state === 'revoked') return { ...still(coupon), answer: { kind: 'revoked' } };
  if (state !== 'issued') return notDone(coupon, notFree(coupon));
  return {
    coupon: become(coupon, { state: 'revoked' }),
    facts: [{ kind: 'revoked', reason }],
    answer: { kind: 'revoked' },
  };
}

const isOf = (by: RedeemedBy, outTradeNo: string) => 'outTradeNo' in by && by.outTradeNo === outTradeNo;

const isOver = ({ expiresAtMs }: OwnedCoupon, nowMs: number) => expiresAtMs !== undefined && expiresAtMs <= nowMs;

/** Whatever a coupon becomes, it is redeemed only when that is said. */
const become = (coupon: OwnedCoupon, change: Partial<Life>): OwnedCoupon => ({
  ...coupon,
  life: { ...coupon.life, redemption: undefined, ...change },
});

const still = (coupon: OwnedCoupon): Step => ({ coupon, facts: [] });

const expire = (coupon: OwnedCoupon): Step => ({
  coupon: become(coupon, { state: 'expired' }),
  facts: [{ kind: 'expired', atMs: coupon.expiresAtMs! }],
});

const expireIfOver = (coupon: OwnedCoupon, nowMs: number): Step =>
  isOver(coupon, nowMs) ? expire(coupon) : still(coupon);

function free(coupon: OwnedCoupon, cause: ReleaseCause, nowMs: number): Step {
  const { outTradeNo } = coupon.life.hold!;
  const end = expireIfOver(become(coupon, { state: 'issued' }), nowMs);
  return { coupon: end.coupon, facts: [{ kind: 'released', outTradeNo, cause }, ...end.facts] };
}

const notDone = (coupon: OwnedCoupon, why: Unusable): Decision => ({
  ...still(coupon),
  answer: { kind: 'not done', why },
});

const useRefused = (
  coupon: OwnedCoupon,
  command: LifeCommand & { kind: 'lock' | 'redeem' | 'redeem at till' },
  why: Unusable,
): Decision => ({ coupon, facts: [{ kind: 'use_refused', why, command }], answer: { kind: 'not done', why } });

/** Why a coupon that is not free is not. */
export function notFree({ life, expiresAtMs }: OwnedCoupon): Unusable {
  switch (life.state) {
    case 'locked':
      return { reason: R.LOCKED };
    case 'redeemed':
      return { reason: R.REDEEMED, atMs: life.redemption!.atMs };
    case 'expired':
      return { reason: R.EXPIRED, ...(expiresAtMs === undefined ? {} : { atMs: expiresAtMs }) };
    case 'revoked':
      return { reason: R.REVOKED };
    case 'issued':
      throw new Error('an issued coupon is free');
    default:
      return life.state satisfies never;
  }
}
