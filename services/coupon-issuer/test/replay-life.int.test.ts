import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, jest, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { CouponKind } from '@lingquan/events/coupon.ts';
import { readTopic, until } from '@lingquan/test-kit';
import type { LifeCommand } from '../src/domain/life.ts';
import { basket } from './builders.ts';
import { random } from './random.ts';
import { replayed, told } from './replayed.ts';
import { replayedFromFile } from './replayed-from-file.ts';
import { createCampaign, issuerSystem, lifeCommand, push } from './system.ts';
import { factsOf } from './told.ts';

jest.setTimeout(120_000);

const FOLLOWERS = 120;
const percent = { kind: CouponKind.PERCENT, percent: 15, capFen: 400n };
const replyTo = { instance: 'a', partition: 1, deadlineMs: Date.now() };

const lockOf = (openid: string, outTradeNo: string, untilMs: number, lines = basket({})): LifeCommand => ({
  kind: 'lock',
  outTradeNo,
  appid: 'wx1',
  openid,
  basket: lines,
  untilMs,
});

/** Every kind of command, each of which is done when nothing comes between. */
const everything = (openid: string): LifeCommand[] => [
  lockOf(openid, 'order-1', Date.now() + 3_600_000),
  { kind: 'redeem', outTradeNo: 'order-1' },
  { kind: 'return', outTradeNo: 'order-1' },
  lockOf(openid, 'order-2', Date.now() + 3_600_000),
  { kind: 'redeem at till', shop: 'sh-01', cashier: openid, basket: basket({}) }, // by a wrong code
  { kind: 'release', outTradeNo: 'order-2' },
  lockOf(openid, 'order-3', Date.now() + 500), // ends by the clock, or is refused at the end
  { kind: 'redeem at till', shop: 'sh-01', cashier: openid, basket: basket({}) },
  { kind: 'revoke', reason: 'test' },
];

/** Whatever can be done to a coupon, by a few orders, tills and operators, in any order. */
function anything(openid: string, seed: number): LifeCommand[] {
  const { whole, pick } = random(seed);
  return Array.from({ length: 8 }, () => {
    const outTradeNo = `order-${whole(1, 2)}`;
    const lines = basket({ unitPriceFen: whole(1, 5000) }, { sku: 'cake', quantity: whole(1, 3) });
    return pick<LifeCommand>([
      lockOf(openid, outTradeNo, Date.now() + pick([100, 600, 3_600_000]), lines),
      lockOf(openid, outTradeNo, Date.now() + 3_600_000, lines),
      { kind: 'redeem', outTradeNo },
      { kind: 'release', outTradeNo },
      { kind: 'return', outTradeNo },
      { kind: 'revoke', reason: 'test' },
      { kind: 'redeem at till', shop: 'sh-01', cashier: pick(['7', '8']), basket: lines },
    ]);
  });
}

const TABLES = [
  'select event_id, campaign_id, appid, openid, decided_at, refusal, code from claim order by event_id',
  'select * from coupon order by code',
  'select * from coupon_command order by id',
  'select * from till_guess order by shop, cashier',
];

test('a recorded life of coupons, timers included, decided again in journal order, comes to the same end byte for byte', async () => {
  await using system = await issuerSystem('replay-life', { timers: 'on' });
  const startMs = Date.now();
  const rules = { validUntil: timestampFromMs(startMs + 5000), hours: [{ fromMinute: 0, untilMinute: 1440 }] };
  await system.publish([
    createCampaign('brief', { keyword: 'brief', stock: FOLLOWERS, value: percent, rules }),
    createCampaign('lasting', { keyword: 'lasting', stock: FOLLOWERS, value: percent }),
  ]);
  await system.settled();

  // Followers claim on all partitions, and things are done to each coupon as soon as it is there.
  await Promise.all(
    Array.from({ length: FOLLOWERS }, async (_, i) => {
      const openid = `follower-${i}`;
      const text = i % 3 === 1 ? 'lasting' : 'brief';
      await system.publish([push(openid, { text, timeMs: startMs })]);
      if (i % 3 === 0) return; // left to the clock
      const [owned] = await until(async () => {
        const rows = await system.rows<{ code: string }>(`select code from coupon where openid = '${openid}'`);
        return rows.length > 0 && rows;
      }, 'the coupon is there');
      const commands = i % 3 === 1 ? everything(openid) : anything(openid, i);
      for (const [n, given] of commands.entries()) {
        const code = n === 4 ? '0010000' : owned!.code;
        const record = lifeCommand(code, given, { timeMs: startMs + n, replyTo });
        await system.publish(n % 3 === 0 ? [record, record] : [record]);
      }
    }),
  );
  const soon = `select 1 from coupon where due_at < now() + interval '1 minute' limit 1`;
  await until(async () => (await system.rows(soon)).length === 0, 'the clock has nothing more to do', 30_000);
  await system.settled();

  const said = (
    await Promise.all(
      [topics.couponEvents, topics.paymentNotifications, topics.ingressReplies].map(({ name }) =>
        readTopic(system.kafka, name),
      ),
    )
  ).flat();
  const types = new Set((await factsOf(system.kafka)).map(({ type }) => type.slice('coupon.'.length)));
  expect([...types].toSorted()).toEqual([
    'expired',
    'locked',
    'redeemed',
    'released',
    'returned',
    'revoked',
    'use_refused',
  ]);
  await using again = await replayed(system);
  expect(again.covered).toBe(again.inbound.length + again.commands.length);
  for (const table of TABLES) expect(await again.rows(table)).toEqual(await system.rows(table));
  expect(again.published.map(told).toSorted()).toEqual(said.map(told).toSorted());

  await using fromFile = await replayedFromFile(system);
  expect(fromFile.report).toMatchObject({ decided: again.covered, undecided: 0 });
  for (const table of TABLES) expect(await fromFile.rows(table)).toEqual(await system.rows(table));
  expect(fromFile.published.map(told).toSorted()).toEqual((await fromFile.first()).map(told).toSorted());
});
