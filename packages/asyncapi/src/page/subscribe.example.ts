import { subscribe } from '@lingquan/events/public.ts';

const subscription = await subscribe(
  { brokers: ['127.0.0.1:9092'], topics: ['coupon.events'], group: 'my-team', from: 'beginning' },
  async (events) => {
    for (const event of events) if (event.type === 'coupon.claimed') console.log(event.id, event.data.code);
  },
);
process.once('SIGTERM', () => void subscription.stop());
await subscription.closed;
