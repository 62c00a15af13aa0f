import type { PoolClient } from 'pg';
import type { OwnedCoupon } from '../domain/owned-coupon.ts';
import { couponColumns, couponOf } from './coupons.ts';
import type { CouponRow } from './coupons.ts';

/** Questions about coupons. `client` is a pool or a transaction's client. */
type Queries = Pick<PoolClient, 'query'>;

/** A coupon with the name of its campaign. */
export type NamedCoupon = { coupon: OwnedCoupon; campaignName: string };

export type Owner = { appid: string; openid: string };

/** As a follower sorts them: `usable` now or later (also when an order holds it), `used`, `expired` (or revoked). */
export type Drawer = 'usable' | 'used' | 'expired';

/** The place after a coupon in the order of a list: newest claim first, then by code. */
export type Place = { claimedAtMs: number; code: string };

const named = (row: CouponRow & { campaign_name: string }): NamedCoupon => ({
  coupon: couponOf(row),
  campaignName: row.campaign_name,
});

/** What somebody owns at `nowMs`, newest claim first, at most `max` from `after` on. */
export async function listCoupons(
  client: Queries,
  { appid, openid }: Owner,
  { drawer, nowMs, after, max }: { drawer?: Drawer | undefined; nowMs: number; after?: Place | undefined; max: number },
): Promise<NamedCoupon[]> {
  const { rows } = await client.query<CouponRow & { campaign_name: string }>({
    text: `select ${couponColumns}, g.name as campaign_name
           from coupon c join campaign g on g.id = c.campaign_id
           where c.openid = $1 and c.appid = $2
             and ($3::text is null or $3 = case
               when c.state = 2 then 'used'
               when c.state = 1 or (c.state = 0 and (c.expires_at is null or c.expires_at > $7)) then 'usable'
               else 'expired' end)
             and ($4::timestamptz is null or (c.claimed_at, c.code) < ($4, $5))
           order by c.claimed_at desc, c.code desc limit $6`,
    values: [openid, appid, drawer, after && new Date(after.claimedAtMs), after?.code, max, new Date(nowMs)],
  });
  return rows.map(named);
}

export async function findCoupon(client: Queries, code: string): Promise<NamedCoupon | undefined> {
  const { rows } = await client.query<CouponRow & { campaign_name: string }>({
    text: `select ${couponColumns}, g.name as campaign_name
           from coupon c join campaign g on g.id = c.campaign_id where c.code = $1`,
    values: [code],
  });
  return rows[0] && named(rows[0]);
}
