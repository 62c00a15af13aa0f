// 从某一时刻起的优惠券与支付事件，一行一个 JSON · coupon and payment events since an instant, one line of JSON each
//   node_modules/.bin/node packages/events/examples/from-instant.mjs 2026-11-21T08:00:00+08:00
// The group keeps its place: started again it goes on where it was, whatever instant is given then.
import { eventToJson, subscribe } from '@lingquan/events/public.ts';
import { findSystem, stopOnSignal } from './system.mjs';

const subscription = await subscribe(
  {
    ...findSystem(),
    topics: ['coupon.events', 'payment.events'],
    group: process.env['GROUP'] ?? 'from-instant',
    from: process.argv[2] ?? new Date(Date.now() - 3600_000), // an hour ago
  },
  (events) => {
    for (const event of events) console.log(JSON.stringify(eventToJson(event)));
  },
);
stopOnSignal(subscription);
await subscription.closed;
