import type { PoolClient } from 'pg';
import { packDiscount, unpackDiscount, unpackRules } from '../codec/coupon.ts';
import type { CouponState, Life, OwnedCoupon } from '../domain/owned-coupon.ts';

/** As the column says them: a state's number is its place. */
const states: readonly CouponState[] = ['issued', 'locked', 'redeemed', 'expired', 'revoked'];

export type CouponRow = {
  code: string;
  campaign_id: string;
  appid: string;
  openid: string;
  claimed_at: Date;
  kind: number;
  value_fen: string;
  percent: number;
  threshold_fen: string;
  cap_fen: string;
  rules: Buffer | null;
  expires_at: Date | null;
  state: number;
  lock_order: string | null;
  lock_until: Date | null;
  lock_discount: Buffer | null;
  redeemed_at: Date | null;
  redeemed_order: string | null;
  redeemed_shop: string | null;
  redeemed_cashier: string | null;
};

/** The columns of CouponRow, of a coupon called c. */
export const couponColumns = `c.code, c.campaign_id, c.appid, c.openid, c.claimed_at, c.kind, c.value_fen, c.percent,
  c.threshold_fen, c.cap_fen, c.rules, c.expires_at, c.state, c.lock_order, c.lock_until, c.lock_discount, c.redeemed_at,
  c.redeemed_order, c.redeemed_shop, c.redeemed_cashier`;

export const couponOf = (row: CouponRow): OwnedCoupon => ({
  code: row.code,
  campaignId: row.campaign_id,
  appid: row.appid,
  openid: row.openid,
  claimedAtMs: row.claimed_at.getTime(),
  worth: {
    kind: row.kind as OwnedCoupon['worth']['kind'],
    valueFen: Number(row.value_fen),
    percent: row.percent,
    thresholdFen: Number(row.threshold_fen),
    capFen: Number(row.cap_fen),
  },
  rules: unpackRules(row.rules),
  expiresAtMs: row.expires_at?.getTime(),
  life: lifeOf(row),
});

const lifeOf = (row: CouponRow): Life => ({
  state: states[row.state]!,
  hold:
    row.lock_order === null
      ? undefined
      : {
          outTradeNo: row.lock_order,
          untilMs: row.lock_until!.getTime(),
          discount: unpackDiscount(row.lock_discount!),
        },
  redemption:
    row.redeemed_at === null
      ? undefined
      : {
          atMs: row.redeemed_at.getTime(),
          by:
            row.redeemed_order === null
              ? { shop: row.redeemed_shop!, cashier: row.redeemed_cashier! }
              : { outTradeNo: row.redeemed_order },
        },
});

/** Locks these coupons, by code, until the transaction ends, and returns those there are. */
export async function lockCoupons(client: PoolClient, codes: string[]): Promise<OwnedCoupon[]> {
  if (codes.length === 0) return [];
  const { rows } = await client.query<CouponRow>({
    name: 'coupon-lock',
    text: `select ${couponColumns} from coupon c where code = any($1::text[]) order by code for no key update`,
    values: [codes],
  });
  return rows.map(couponOf);
}

/** Writes where these coupons stand now; what they are worth never changes. */
export async function saveLives(client: PoolClient, coupons: OwnedCoupon[]): Promise<void> {
  if (coupons.length === 0) return;
  const lives = coupons.map(({ life }) => life);
  const instant = (ms: number | undefined) => (ms === undefined ? null : new Date(ms));
  const by = lives.map(({ redemption }) => redemption?.by);
  await client.query({
    name: 'coupon-save',
    text: `update coupon c
           set state = n.state, lock_order = n.lock_order, lock_until = n.lock_until, lock_discount = n.lock_discount,
               redeemed_at = n.redeemed_at, redeemed_order = n.redeemed_order, redeemed_shop = n.redeemed_shop,
               redeemed_cashier = n.redeemed_cashier
           from unnest($1::text[], $2::smallint[], $3::text[], $4::timestamptz[], $5::bytea[], $6::timestamptz[], $7::text[],
                       $8::text[], $9::text[])
             as n (code, state, lock_order, lock_until, lock_discount, redeemed_at, redeemed_order, redeemed_shop, redeemed_cashier)
           where c.code = n.code`,
    values: [
      coupons.map(({ code }) => code),
      lives.map(({ state }) => states.indexOf(state)),
      lives.map(({ hold }) => hold?.outTradeNo ?? null),
      lives.map(({ hold }) => instant(hold?.untilMs)),
      lives.map(({ hold }) => hold && packDiscount(hold.discount)),
      lives.map(({ redemption }) => instant(redemption?.atMs)),
      by.map((one) => (one !== undefined && 'outTradeNo' in one ? one.outTradeNo : null)),
      by.map((one) => (one !== undefined && 'shop' in one ? one.shop : null)),
      by.map((one) => (one !== undefined && 'shop' in one ? one.cashier : null)),
    ],
  });
}
