// 各活动发了多少券、核销多少，从头数起，实时更新 · coupons claimed and redeemed by campaign, from the beginning, live
//   node_modules/.bin/node packages/events/examples/count-coupons.ts
import { deduplicated, subscribe } from '@lingquan/events/public.ts';
import { findSystem, stopOnSignal } from './system.mjs';

const counts = new Map<string, { claimed: number; redeemed: number; offFen: bigint }>();

const subscription = await subscribe(
  // Counts live in this process, so each start counts anew: a group of its own.
  { ...findSystem(), topics: ['coupon.events'], group: `count-coupons-${process.pid}`, from: 'beginning' },
  deduplicated((events) => {
    for (const event of events) {
      const count = counts.get(event.message.campaignId) ?? { claimed: 0, redeemed: 0, offFen: 0n };
      if (event.type === 'coupon.claimed') count.claimed += 1;
      else if (event.type === 'coupon.redeemed') {
        count.redeemed += 1;
        count.offFen += event.data.discount?.totalFen ?? 0n;
      } else continue;
      counts.set(event.message.campaignId, count);
    }
    for (const [campaign, { claimed, redeemed, offFen }] of counts)
      console.log(
        `${campaign}  已领 claimed ${claimed}  已核销 redeemed ${redeemed}  优惠 off ¥${Number(offFen) / 100}`,
      );
  }),
);
stopOnSignal(subscription);
await subscription.closed;
