import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { databaseName, inTransaction, openStore } from '@lingquan/postgres';
import { isolate } from '@lingquan/test-kit';
import { decideLife } from '../src/domain/life.ts';
import { migrations } from '../src/main.ts';
import { findCoupon } from '../src/store/coupon-queries.ts';
import { lockCoupons, saveLives } from '../src/store/coupons.ts';
import { firstDue } from '../src/store/due.ts';
import { atMs } from './system.ts';

jest.setTimeout(60_000);

const before = `
  insert into campaign (id, number, appid, name, keyword, match, kind, value_fen, percent, threshold_fen, limit_per_user, closes_at, status, stock, claimed)
  values ('spring', 1, 'wx1', '春日券', '优惠券', 1, 1, 500, 0, 0, 1, '2026-07-01T00:00:00Z', 1, 10, 2);
  insert into coupon (code, campaign_id, serial, appid, openid, cause_id, claimed_at, kind, value_fen, percent, threshold_fen, closes_at)
  values ('001A', 'spring', 1, 'wx1', 'follower', gen_random_uuid(), '2026-05-01T00:00:00Z', 1, 500, 0, 0, '2026-07-01T00:00:00Z'),
         ('001B', 'spring', 2, 'wx1', 'other', gen_random_uuid(), '2026-05-01T00:00:00Z', 1, 500, 0, 0, null)`;

test('coupons of before they had a life are issued, end with their campaign, and can be used', async () => {
  const system = isolate('migration');
  const dir = await mkdtemp(join(tmpdir(), 'coupon-issuer-'));
  const first = '0001_campaigns_claims.sql';
  await copyFile(join(migrations.dir, first), join(dir, first));
  const open = (folder: string) =>
    openStore({
      url: system.env.POSTGRES_URL,
      database: databaseName(system.prefix, 'coupon_issuer'),
      migrations: [{ ...migrations, dir: folder }],
      log: system.log,
    });
  try {
    const old = await open(dir);
    await old.pool.query(before);
    await old.close();
    const { pool, close } = await open(migrations.dir);
    expect(await firstDue(pool)).toEqual({ code: '001A', dueAtMs: Date.UTC(2026, 6, 1) });
    expect((await findCoupon(pool, '001B'))?.coupon).toMatchObject({
      expiresAtMs: undefined,
      life: { state: 'issued' },
    });
    await inTransaction(pool, async (client) => {
      const [coupon] = await lockCoupons(client, ['001A']);
      await saveLives(client, [decideLife(coupon!, { kind: 'redeem', outTradeNo: 'order-1' }, atMs).coupon]);
    });
    expect(await firstDue(pool)).toBeUndefined();
    expect((await findCoupon(pool, '001A'))?.coupon.life).toMatchObject({
      state: 'redeemed',
      redemption: { atMs, by: { outTradeNo: 'order-1' } },
    });
    await close();
  } finally {
    await rm(dir, { recursive: true });
    await system.remove();
  }
});
