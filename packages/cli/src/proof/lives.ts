import { startCheck } from '../audit/check.ts';
import type { Check, CheckResult } from '../audit/check.ts';
import { bytes, bytesOf, doubles, words } from './columns.ts';
import type { CouponIndex, Coupons } from './coupons.ts';
import type { Orders } from './orders.ts';
import { GRACE_MS } from './orders.ts';
import { outcomeText } from './outcomes.ts';
import type { LifeFact } from './read-fact.ts';

const ISSUED = 0;
const LOCKED = 1;
const REDEEMED = 2;
const EXPIRED = 3;
const REVOKED = 4;
const names = ['issued', 'locked', 'redeemed', 'expired', 'revoked'];

/** Marks of a coupon: some fact about it beside its claim was read. */
const TOUCHED = 128;

/**
 * Plays every coupon's facts in their order: they are in one partition, told in the order in which they became true. Only what something
 * happened to after the claim takes memory: 29 bytes up to the last such coupon.
 */
export function startLives(coupons: Coupons, orders: Orders) {
  const states = bytes();
  /** The order that held it last, and the one that used it: their numbers + 1. */
  const holds = words();
  const users = words();
  const untilMs = doubles();
  const places = doubles();
  const life = startCheck(
    'life',
    '一券一用 no redemption without a claim, no second one without a return, nothing after the end',
  );
  const expiry = startCheck('expiry', '效期守住 used within their time, expired after it');
  const locks = startCheck('locks', '锁定有期 none held past its time');

  function take(fact: LifeFact): void {
    const { change, code, outTradeNo, timeMs } = fact;
    const coupon = coupons.coupon(code);
    const state = states.get(coupon) & ~TOUCHED;
    const order = outTradeNo === '' ? 0 : orders.orderOf(outTradeNo) + 1;
    const use = { outTradeNo, coupon, code, place: fact.place, timeMs };
    const bad = (check: Check, what: string) => check.found(`${code}: ${what}, ${outcomeText(fact.place)}`);
    const from = (ok: boolean) => {
      life.looked();
      if (!ok) bad(life, `${change.case} 之前是 after ${names[state]} ${outcomeText(places.get(coupon))}`);
    };
    const becomes = (next: number, { hold = holds.get(coupon), user = 0 } = {}) => {
      states.set(coupon, next | TOUCHED);
      holds.set(coupon, hold);
      users.set(coupon, user);
      places.set(coupon, fact.place);
    };
    const inTime = () => {
      expiry.looked();
      if (timeMs >= coupons.expiresAtMs(coupon)) bad(expiry, '过期后使用 used after it expired');
    };
    const mine = order !== 0 && holds.get(coupon) === order;
    switch (change.case) {
      case 'couponLocked':
        from(state === ISSUED);
        inTime();
        untilMs.set(coupon, fact.untilMs);
        return becomes(LOCKED, { hold: order });
      case 'couponReleased':
        from(state === LOCKED && mine);
        return becomes(ISSUED);
      case 'couponRedeemed':
        from(state === ISSUED || ((state === LOCKED || state === EXPIRED) && mine));
        if (change.value.by.case === undefined) bad(life, '既非订单也非收银台 by neither an order nor a till');
        if (outTradeNo === '') inTime();
        else orders.redeemed(use);
        return becomes(REDEEMED, { user: order });
      case 'couponReturned':
        from(state === REDEEMED && users.get(coupon) === order);
        orders.returned(use);
        return becomes(ISSUED, { hold: 0 });
      case 'couponExpired':
        from(state === ISSUED);
        expiry.looked();
        if (timeMs < coupons.expiresAtMs(coupon)) bad(expiry, '未到期就过期 expired before its time');
        return becomes(EXPIRED);
      case 'couponRevoked':
        from(state === ISSUED);
        return becomes(REVOKED);
      case 'couponUseRefused':
        // Nothing changes; a coupon that is refused exists.
        states.set(coupon, state | TOUCHED);
        if (places.get(coupon) === 0) places.set(coupon, fact.place);
        return undefined;
      default:
        return bad(life, `看不懂的事件 a fact of a kind not known here: ${change.case ?? ''}`);
    }
  }

  function atEnd(coupon: CouponIndex, nowMs: number, whole: boolean): void {
    const state = states.get(coupon) & ~TOUCHED;
    const touched = states.get(coupon) >= TOUCHED;
    const isClaimed = coupons.claim(coupon) !== undefined;
    const where = () => outcomeText(places.get(coupon));
    if (touched && !isClaimed && whole) life.found(`没有人领过 nobody ever claimed the coupon of ${where()}`);
    if (state === LOCKED) {
      locks.looked();
      const heldUntilMs = untilMs.get(coupon);
      if (heldUntilMs < nowMs - GRACE_MS)
        locks.found(`锁定过期未放 held past ${new Date(heldUntilMs).toISOString()}, since ${where()}`);
    }
    const expiresAtMs = coupons.expiresAtMs(coupon);
    if (expiresAtMs === Infinity) return;
    expiry.looked();
    if (state === ISSUED && expiresAtMs < nowMs - GRACE_MS)
      expiry.found(
        `应已过期 should have expired at ${new Date(expiresAtMs).toISOString()}, coupon #${coupon}${touched ? ` ${where()}` : ''}`,
      );
  }

  return {
    take,
    /** `whole`: coupon.events were read from their very beginning, so that every coupon's claim must be among them. */
    results(nowMs: number, whole: boolean): CheckResult[] {
      for (let coupon = 0; coupon < coupons.size(); coupon++) atEnd(coupon, nowMs, whole);
      return [life.result(), expiry.result(), locks.result()];
    },
    bytes: () => bytesOf([states, holds, users, untilMs, places]),
  };
}
