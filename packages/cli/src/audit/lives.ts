import { timestampMs } from '@bufbuild/protobuf/wkt';
import { startCheck } from './check.ts';
import type { Check } from './check.ts';
import type { AuditEvent } from './event.ts';
import { orderIn } from './event.ts';
import { placeOf, placeText } from './place.ts';
import type { Place } from './place.ts';

export type LifeState = 'issued' | 'locked' | 'redeemed' | 'expired' | 'revoked';

/** A coupon as its facts leave it. */
type Life = {
  state: LifeState;
  /** The order that held it last; '' when none did. */
  hold: string;
  untilMs: number;
  /** The order that used it; '' when a till did, or nobody. */
  user: string;
  place: Place;
};

/** A fact about an order's coupon, for what payment says of that order. */
export type CouponUse = { code: string; outTradeNo: string; place: Place };

export type Lives = ReturnType<typeof startLives>;

/** Clocks may differ a little, and a timer takes a moment. */
const GRACE_MS = 60_000;

const useText = (place: Place): string => placeText('coupon.events', place);

/**
 * Plays every coupon's facts in their order (they are in one partition, told in the order in which they became true) and finds what cannot
 * follow: a second redemption without a return between, a use past the coupon's time, a hold that nobody ended. Only coupons something
 * happened to after the claim, or that end, are kept.
 */
export function startLives() {
  const lives = new Map<string, Life>();
  const expiries = new Map<string, number>();
  const redemptions: CouponUse[] = [];
  const returns: CouponUse[] = [];
  const life = startCheck('life', '一券一用 no second redemption without a return, nothing after the end');
  const expiry = startCheck('expiry', '效期守住 used within their time, expired after it');
  const locks = startCheck('locks', '锁定有期 none held past its time');

  function lifeOf(code: string): Life {
    const known = lives.get(code);
    if (known !== undefined) return known;
    const fresh: Life = { state: 'issued', hold: '', untilMs: 0, user: '', place: 0 };
    lives.set(code, fresh);
    return fresh;
  }

  return {
    /** What orders used, and gave back. */
    redemptions,
    returns,
    /** State and the order behind it, as the facts leave a coupon. */
    standOf: (code: string): { state: LifeState; order: string } => {
      const { state, hold, user } = lives.get(code) ?? { state: 'issued' as const, hold: '', user: '' };
      return { state, order: state === 'locked' ? hold : state === 'redeemed' ? user : '' };
    },
    /** The coupons an order holds now, with the order and since where. */
    held: (): CouponUse[] =>
      [...lives].flatMap(([code, { state, hold, place }]) =>
        state === 'locked' ? [{ code, outTradeNo: hold, place }] : [],
      ),
    take(event: AuditEvent): void {
      const { fact, code, timeMs } = event;
      const place = placeOf(event);
      const bad = (check: Check, what: string) => check.found(`${code}: ${what}, ${useText(place)}`);
      const from = (one: Life, ok: boolean) => {
        life.looked();
        if (!ok) bad(life, `${fact.case} 之前是 after ${one.state} ${one.user || one.hold}`.trimEnd());
      };
      const inTime = () => {
        expiry.looked();
        if (timeMs >= (expiries.get(code) ?? Infinity)) bad(expiry, '过期后使用 used after it expired');
      };
      if (fact.case === 'couponClaimed') {
        if (fact.value.expiresAt !== undefined) expiries.set(code, timestampMs(fact.value.expiresAt));
        return;
      }
      const order = orderIn(fact);
      switch (fact.case) {
        case 'couponLocked': {
          const one = lifeOf(code);
          from(one, one.state === 'issued');
          inTime();
          const untilMs = fact.value.until === undefined ? 0 : timestampMs(fact.value.until);
          Object.assign(one, { state: 'locked', hold: order, untilMs, place });
          return;
        }
        case 'couponReleased': {
          const one = lifeOf(code);
          from(one, one.state === 'locked' && one.hold === order);
          Object.assign(one, { state: 'issued', place });
          return;
        }
        case 'couponRedeemed': {
          const one = lifeOf(code);
          const mine = order !== '' && one.hold === order;
          from(one, one.state === 'issued' || ((one.state === 'locked' || one.state === 'expired') && mine));
          if (order === '') inTime();
          else redemptions.push({ code, outTradeNo: order, place });
          if (fact.value.by.case === undefined) bad(life, '既非订单也非收银台 by neither an order nor a till');
          Object.assign(one, { state: 'redeemed', user: order, place });
          return;
        }
        case 'couponReturned': {
          const one = lifeOf(code);
          from(one, one.state === 'redeemed' && one.user === order);
          returns.push({ code, outTradeNo: order, place });
          Object.assign(one, { state: 'issued', hold: '', user: '', place });
          return;
        }
        case 'couponExpired': {
          const one = lifeOf(code);
          from(one, one.state === 'issued');
          expiry.looked();
          if (timeMs < (expiries.get(code) ?? Infinity)) bad(expiry, '未到期就过期 expired before its time');
          Object.assign(one, { state: 'expired', place });
          return;
        }
        case 'couponRevoked': {
          const one = lifeOf(code);
          from(one, one.state === 'issued');
          Object.assign(one, { state: 'revoked', place });
          return;
        }
        default:
      }
    },
    /** `isClaimed` tells whether somebody ever got that code. */
    results(isClaimed: (code: string) => boolean, nowMs: number) {
      for (const [code, { state, untilMs, hold, place }] of lives) {
        if (!isClaimed(code)) life.found(`${code}: 没有人领过 nobody ever claimed it, ${useText(place)}`);
        if (state !== 'locked') continue;
        locks.looked();
        if (untilMs < nowMs - GRACE_MS)
          locks.found(
            `${code}: 订单 order ${hold} 应在 should have let go by ${new Date(untilMs).toISOString()}, ${useText(place)}`,
          );
      }
      for (const [code, expiresAtMs] of expiries) {
        expiry.looked();
        const state = lives.get(code)?.state ?? 'issued';
        if (state === 'issued' && expiresAtMs < nowMs - GRACE_MS)
          expiry.found(`${code}: 应已过期 should have expired at ${new Date(expiresAtMs).toISOString()}`);
      }
      return [life.result(), expiry.result(), locks.result()];
    },
  };
}
