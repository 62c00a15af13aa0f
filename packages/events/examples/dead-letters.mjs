// 处理不了的事件放一边，其余照常 · what cannot be handled is put aside, the rest goes on
//   node_modules/.bin/node packages/events/examples/dead-letters.mjs
// Here a function takes the letters; { topic: 'my-team.dlq' } writes them to a topic of yours instead.
import { TryAgain, subscribe } from '@lingquan/events/public.ts';
import { findSystem, stopOnSignal } from './system.mjs';

/** Stands for your own store, which may be away. */
const store = {
  isAway: () => false,
  save: (event) => {
    if (event.type === 'coupon.claimed' && event.data.campaignName === '')
      throw new Error('a claim without a campaign');
  },
};

const subscription = await subscribe(
  {
    ...findSystem(),
    topics: ['coupon.events'],
    group: process.env['GROUP'] ?? 'dead-letters',
    deadLetters: ({ topic, partition, offset, reason }) =>
      console.log(`死信 dead letter ${topic}[${partition}]@${offset}: ${reason}`),
  },
  (events, { topic, partition, lag }) => {
    if (store.isAway()) throw new TryAgain('the store is away'); // waits, as long as it takes; nothing is put aside
    for (const event of events) store.save(event);
    console.log(`${topic}[${partition}] +${events.length}  还差 behind ${lag}`);
  },
);
stopOnSignal(subscription);
await subscription.closed;
