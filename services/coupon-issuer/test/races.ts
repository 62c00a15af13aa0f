import type { LifeCommand } from '../src/domain/life.ts';
import type { Life } from '../src/domain/owned-coupon.ts';
import { basket, closesAtMs, opensAtMs } from './builders.ts';

/** When the racing commands say they were given; `expire` says it at the coupon's end. */
export const racedAtMs = opensAtMs + 1000;
const untilMs = closesAtMs + 60_000;

export const lockBy = (outTradeNo: string): LifeCommand => ({
  kind: 'lock',
  outTradeNo,
  appid: 'wx1',
  openid: 'follower',
  basket: basket({}),
  untilMs,
});

/** Order A held or used the coupon where one did; B, C and the till are the others. */
export const commands = {
  lock: lockBy('order-B'),
  'other lock': lockBy('order-C'),
  redeem: { kind: 'redeem', outTradeNo: 'order-A' },
  till: { kind: 'redeem at till', shop: 'sh-01', cashier: '7', basket: { ...basket({}), shop: 'sh-01' } },
  release: { kind: 'release', outTradeNo: 'order-A' },
  return: { kind: 'return', outTradeNo: 'order-A' },
  revoke: { kind: 'revoke', reason: 'a mistake' },
} as const satisfies Record<string, LifeCommand>;

const hold = { outTradeNo: 'order-A', untilMs, discount: { totalFen: 500, lineFen: [500] } };

export const starts = {
  issued: {},
  held: { state: 'locked', hold },
  used: { state: 'redeemed', hold, redemption: { atMs: opensAtMs, by: { outTradeNo: 'order-A' } } },
} as const satisfies Record<string, Partial<Life>>;

export type Racer = keyof typeof commands | 'expire';

/** Per start: first, then second => the state in the end: what the first is told, what the second is told. */
const table: Record<keyof typeof starts, string> = {
  issued: `
    lock, other lock => locked: locked LOCKED
    lock, redeem => locked: locked LOCKED
    lock, till => locked: locked LOCKED
    lock, expire => locked: locked nothing
    lock, revoke => locked: locked LOCKED
    redeem, lock => redeemed: redeemed REDEEMED
    redeem, till => redeemed: redeemed REDEEMED
    redeem, expire => redeemed: redeemed nothing
    redeem, revoke => redeemed: redeemed REDEEMED
    till, lock => redeemed: redeemed REDEEMED
    till, redeem => redeemed: redeemed REDEEMED
    till, till => redeemed: redeemed REDEEMED
    till, expire => redeemed: redeemed nothing
    till, revoke => redeemed: redeemed REDEEMED
    expire, lock => expired: expired EXPIRED
    expire, redeem => expired: expired EXPIRED
    expire, till => expired: expired EXPIRED
    expire, expire => expired: expired nothing
    expire, revoke => expired: expired EXPIRED
    revoke, lock => revoked: revoked REVOKED
    revoke, redeem => revoked: revoked REVOKED
    revoke, till => revoked: revoked REVOKED
    revoke, expire => revoked: revoked nothing
    revoke, revoke => revoked: revoked revoked`,
  held: `
    lock, redeem => redeemed: LOCKED redeemed
    lock, release => issued: LOCKED released
    redeem, lock => redeemed: redeemed REDEEMED
    redeem, redeem => redeemed: redeemed redeemed
    redeem, till => redeemed: redeemed REDEEMED
    redeem, release => redeemed: redeemed REDEEMED
    redeem, expire => redeemed: redeemed nothing
    redeem, revoke => redeemed: redeemed REDEEMED
    till, redeem => redeemed: LOCKED redeemed
    till, release => issued: LOCKED released
    release, lock => locked: released locked
    release, redeem => redeemed: released redeemed
    release, till => redeemed: released redeemed
    release, release => issued: released released
    release, expire => expired: released expired
    release, revoke => revoked: released revoked
    expire, redeem => redeemed: nothing redeemed
    expire, release => issued: nothing released
    revoke, redeem => redeemed: LOCKED redeemed
    revoke, release => issued: LOCKED released`,
  used: `
    lock, return => issued: REDEEMED returned
    redeem, return => issued: redeemed returned
    till, return => issued: REDEEMED returned
    return, lock => locked: returned locked
    return, redeem => redeemed: returned redeemed
    return, till => redeemed: returned redeemed
    return, return => issued: returned OTHER_ORDER
    return, expire => expired: returned expired
    return, revoke => revoked: returned revoked
    expire, return => issued: nothing returned
    revoke, return => issued: REDEEMED returned`,
};

export type Race = { start: keyof typeof starts; first: Racer; second: Racer; state: string; said: string[] };

/** Every ordered pair of commands that can race for a coupon, and how it ends. */
export const races: Race[] = Object.entries(table).flatMap(([start, lines]) =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [, first, second, state, said] = /^\s*(.+), (.+) => (.+): (.+)$/.exec(line)!;
      return { start, first, second, state, said: said!.split(' ') } as Race;
    }),
);
